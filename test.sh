#!/usr/bin/env bash
# Builds the solution, publishes the samples with Native AOT and runs every test. See --help.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=eng/prepare.sh
source eng/prepare.sh

usage() {
  cat <<'TEXT'
usage: ./test.sh [--filter EXPRESSION]

Builds Snapshots.sln, publishes the samples with Native AOT and runs the tests, as root on Debian 12 with the
.NET 10 SDK; Debian packages that are missing are installed. The last line is "N passed, N failed, N skipped".

  --filter EXPRESSION   only these tests, in the language of dotnet test:
                        TestCategory!=Containerd, FullyQualifiedName~Filters, ...
TEXT
}

filter=()
main() {
  say "Publishing the samples with Native AOT."
  publish_sample Hello "$box/hello"
  publish_sample Overlay "$box/overlay"
  publish_sample Overlay "$box/one-file" -p:StaticSqliteLinking=true
  export HELLO_SNAPSHOTTER=$box/hello/hello-snapshotter OVERLAY_SNAPSHOTTER=$box/overlay/overlay-snapshotter
  export OVERLAY_ONE_FILE_SNAPSHOTTER=$box/one-file/overlay-snapshotter

  if [[ -z ${CONTAINERD2:-} ]]; then
    say "Fetching containerd 2."
    provide_containerd2 "$box/containerd2"
    export CONTAINERD2=$box/containerd2/usr/bin
  fi

  say "Building Snapshots.sln."
  quietly dotnet build Snapshots.sln "${build_options[@]}"

  say "Running the tests."
  local status=0
  dotnet test Snapshots.sln --no-build --nologo "${filter[@]}" \
    -maxcpucount:2 -nodeReuse:false -tl:off \
    --results-directory "$box/results" --logger trx --logger "console;verbosity=minimal" </dev/null || status=$?
  report "$status"
}

# The sum of one counter, over the trx files of all projects.
sum() {
  find "$box/results" -name '*.trx' -exec grep -ho '<Counters [^>]*>' {} + 2>/dev/null |
    sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | { local sum=0 n; while read -r n; do sum=$((sum + n)); done; echo "$sum"; }
}

report() {
  local status=$1 total executed passed failed
  total=$(sum total) executed=$(sum executed) passed=$(sum passed)
  # Timeouts, errors and aborted tests are failures too.
  failed=$((executed - passed))

  if [[ $executed == 0 ]]; then
    say "No test ran."
    status=1
  elif [[ $status != 0 && $failed == 0 ]]; then
    say "No test failed, yet dotnet test ended with exit code $status: a test host may have crashed."
  fi
  say "$passed passed, $failed failed, $((total - executed)) skipped"
  [[ $status == 0 && $failed == 0 ]] || exit 1
}

arguments=("$@")
while [[ $# -gt 0 ]]; do
  case $1 in
    --filter)
      [[ $# -ge 2 ]] || fail "--filter needs an expression."
      filter=(--filter "$2")
      shift 2
      ;;
    --help | -h)
      usage
      exit
      ;;
    *) fail "unknown argument $1; see --help." ;;
  esac
done

if [[ -z ${SNAPSHOTS_BOX:-} ]]; then
  require_linux
  require_root
  require_dotnet
  install_missing containerd runc busybox-static docker-registry e2fsprogs xfsprogs gcc libc6-dev zlib1g-dev \
    libsqlite3-dev golang-go golang-github-containerd-containerd-dev strace systemd valgrind
fi
enter_box tests "${arguments[@]}"
main
