#!/usr/bin/env bash
# Builds the solution and tests it, in one of several ways. See --help.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=eng/prepare.sh
source eng/prepare.sh
# shellcheck source=eng/results.sh
source eng/results.sh
# shellcheck source=eng/mutants.sh
source eng/mutants.sh

usage() {
  cat <<TEXT
usage: ./test.sh [--unprivileged] [--long] [--coverage] [--filter EXPRESSION]
       ./test.sh --mutants [PLACE]

Builds Snapshots.sln, publishes the samples with Native AOT, checks the code's format, builds the documentation and runs
the tests, as root on Debian 12 with the .NET 10 SDK; Debian packages that are missing are installed. The last line is
"N passed, N failed, N skipped".

  --unprivileged        what any user can run on any Linux machine with the .NET 10 SDK: the build, the code's format,
                        and the tests that mount nothing and start no containerd and no systemd; installs nothing
  --long                also what takes long: further samples, programs and random inputs, and all rules of the format
  --coverage            also measures which lines the tests run, in artifacts/coverage/index.html
  --filter EXPRESSION   only these tests, without format and documentation, in the language of dotnet test:
                        TestCategory!=Containerd, FullyQualifiedName~Filters, ...
  --mutants [PLACE]     instead of all that: breaks one condition at a time and counts the breaks that the tests notice,
                        in artifacts/mutants; hours, or for one place minutes. Places: $(list_places)
TEXT
}

prepare_machine() {
  require_linux
  require_root
  require_dotnet
  install_missing containerd runc busybox-static docker-registry e2fsprogs xfsprogs btrfs-progs erofs-utils attr gcc libc6-dev zlib1g-dev \
    libsqlite3-dev golang-go golang-github-containerd-containerd-dev skopeo stargz-snapshotter strace systemd valgrind
}

everything() {
  say "Publishing the samples with Native AOT."
  publish_samples "$box"
  publish_sample Overlay "$box/one-file" -p:StaticSqliteLinking=true -p:RunAnalyzers=false
  export HELLO_SNAPSHOTTER=$box/Hello/hello-snapshotter OVERLAY_SNAPSHOTTER=$box/Overlay/overlay-snapshotter
  export OVERLAY_ONE_FILE_SNAPSHOTTER=$box/one-file/overlay-snapshotter REFLINK_SNAPSHOTTER=$box/Reflink/reflink-snapshotter
  export BLOCKFILE_SNAPSHOTTER=$box/Blockfile/blockfile-snapshotter
  export SHARED_LAYERS_SNAPSHOTTER=$box/SharedLayers/shared-layers-snapshotter
  export LAZY_SNAPSHOTTER=$box/Lazy/lazy-snapshotter
  export GOCACHE=$box/go

  if [[ -z ${CONTAINERD2:-} ]]; then
    say "Fetching containerd 2."
    provide_newer "$box/containerd2" containerd
    export CONTAINERD2=$box/containerd2/usr/bin
  fi

  build
  if [[ -z $filter ]]; then
    build_documentation &
    check_format
    wait $!
  fi

  say "Running the tests."
  run_tests "${test_options[@]}" --filter "$(selection)"
}

unprivileged() {
  build
  if [[ -z $filter ]]; then
    check_format
  fi

  say "Running the tests that need no root."
  run_tests "${test_options[@]}" -p:Unprivileged=true --filter "TestCategory!=Root&$(selection)"
}

# selection: which tests, in the language of dotnet test.
selection() {
  local selected='TestCategory!=Long'
  [[ -z $long ]] || selected='TestCategory!=None'
  printf '%s' "$selected${filter:+&($filter)}"
}

build() {
  say "Building Snapshots.sln."
  local options=("${build_options[@]}")
  # A CI build hides the paths of the sources, and code without sources is not measured.
  [[ -z $coverage ]] || options+=(--no-incremental -p:ContinuousIntegrationBuild=false)
  quietly dotnet build Snapshots.sln "${options[@]}"
}

check_format() {
  say "Checking the code's format."
  # The build enforces the other rules of the format that are errors.
  local rules=(whitespace)
  [[ -z $long ]] || rules=()
  quietly dotnet format "${rules[@]}" Snapshots.sln --verify-no-changes --no-restore
}

build_documentation() {
  [[ -x docs.sh ]] || return 0
  say "Building the documentation."
  quietly ./docs.sh
}

mode=everything filter='' place='' coverage='' long='' test_options=()
arguments=("$@")
while [[ $# -gt 0 ]]; do
  case $1 in
    --unprivileged) mode=unprivileged ;;
    --long)
      long=yes
      export SNAPSHOTS_EROFS_LONG=1 SNAPSHOTS_EROFS_LAYERS=100000 SNAPSHOTS_EROFS_TABLES=100000 SNAPSHOTS_FUSE_REQUESTS=1000000
      export SNAPSHOTS_REMOTE_INPUTS=100000 SNAPSHOTS_LAZY_KILLS=100
      ;;
    --coverage)
      coverage=yes
      test_options=(--collect "XPlat Code Coverage" --settings eng/coverage.runsettings)
      ;;
    --filter)
      [[ $# -ge 2 ]] || fail "--filter needs an expression."
      filter=$2
      shift
      ;;
    --mutants)
      mode=mutants
      if [[ $# -ge 2 && $2 != -* ]]; then
        place=$2
        shift
      fi
      ;;
    --help | -h)
      usage
      exit
      ;;
    *) fail "unknown argument $1; see --help." ;;
  esac
  shift
done
[[ $mode != mutants || (-z $filter && -z $coverage && -z $long) ]] || fail "--mutants goes with no other option."

if [[ $mode == everything ]]; then
  [[ -n ${SNAPSHOTS_BOX:-} ]] || prepare_machine
  enter_box tests "${arguments[@]}"
else
  require_linux
  require_dotnet
  open_box tests
fi

if [[ $mode == mutants ]]; then
  run_mutants ${place:+"$place"}
  exit
fi
"$mode"
[[ -z $coverage ]] || report_coverage
report_tests
