# shellcheck shell=bash
# What demo.sh and test.sh share: checks, Debian packages, quiet runs, and the box that nothing gets out of.
# Sourced, with the repository's root as the current folder and `set -euo pipefail` in force.

shopt -s inherit_errexit

# `su` without a dash leaves out the folders that runc and containerd's helpers are in.
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# A build leaves no server process behind, and says nothing about itself.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
build_options=(-nodeReuse:false -p:UseSharedCompilation=false -nologo -v:quiet)

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

require_linux() {
  [[ $(uname -s) == Linux ]] || fail "containerd's snapshotters are for Linux; this is $(uname -s)."
  case $(uname -m) in
    x86_64 | aarch64) ;;
    *) fail "this runs on x86_64 and aarch64; this machine is $(uname -m)." ;;
  esac
}

require_root() {
  [[ $EUID == 0 ]] || fail "containerd mounts file systems, so run this as root: sudo $0"
}

require_dotnet() {
  command -v dotnet >/dev/null ||
    fail "dotnet is not on the PATH; install the .NET 10 SDK (https://dot.net/download)."
  dotnet --list-sdks | grep -q '^10\.' ||
    fail "the .NET 10 SDK is needed, and dotnet knows only: $(dotnet --list-sdks | cut -d ' ' -f 1 | tr '\n' ' ')"
}

# What each Debian package is needed for: a command, or a file where it has none.
is_installed() {
  case $1 in
    libc6-dev) [[ -e /usr/include/stdio.h ]] ;;
    zlib1g-dev) [[ -e /usr/include/zlib.h ]] ;;
    golang-go) command -v go >/dev/null ;;
    containerd) command -v containerd >/dev/null && command -v ctr >/dev/null ;;
    runc | gcc | docker-registry | strace | valgrind | zstd) command -v "$1" >/dev/null ;;
    # The package busybox has the same command, but linked to a libc that no image here contains.
    *) [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null) == installed ]] ;;
  esac
}

# Where systemd runs, Debian's containerd package starts a service of its own; no script here talks to it.
install_missing() {
  local package missing=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [[ ${#missing[@]} == 0 ]] && return

  command -v apt-get >/dev/null || fail "these are missing, and without apt-get you must install them: ${missing[*]}"
  say "Installing from Debian: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! apt_get update >"$log" 2>&1 || ! apt_get install --yes --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install: ${missing[*]}"
  fi
  rm -f "$log"
}

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@" </dev/null; }

# provide_newer FOLDER PACKAGE...: unpacks packages of a newer Debian into a folder, and installs nothing. They come from the
# mirror that the machine's own packages come from; where they cannot be had, the folder has no programs, and what wants them
# says so.
provide_newer() {
  local folder=$1 codename mirror
  shift
  command -v apt-get >/dev/null || return 0

  # shellcheck source=/dev/null
  codename=$(source /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # apt-get expands it.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' "Codename: $codename" | sed -n 1p) || true
  mkdir -p "$folder"/apt/{sources,lists/partial,cache/archives/partial}
  printf '%s\n' 'Types: deb' "URIs: $mirror" 'Suites: forky' 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$folder/apt/sources/newer.sources"
  local options=(-o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$folder/apt/sources"
    -o "Dir::State::Lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache" -o APT::Sandbox::User=root)
  (cd "$folder/apt" && apt_get "${options[@]}" update && apt_get "${options[@]}" download "$@" &&
    find . -maxdepth 1 -name '*.deb' -exec dpkg -x {} "$folder" \;) >"$folder/apt.log" 2>&1 ||
    say "These are not to be had from a newer Debian: $*: $(tail -n 1 "$folder/apt.log")"
  rm -rf "$folder/apt"
}

# Shows a command's output only when it fails.
quietly() {
  local log
  log=$(mktemp "$box/command.XXXXXX")
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 60 "$log" >&2
    fail "this failed: $*"
  fi
  rm "$log"
}

# wait_for SECONDS WHAT ID COMMAND...: asks again until the command succeeds, the process ID ends or the time is up.
wait_for() {
  local limit=$((SECONDS + $1)) what=$2 id=$3
  shift 3
  until "$@" >/dev/null 2>&1; do
    kill -0 "$id" 2>/dev/null || fail "waited for $what, but its process has ended."
    ((SECONDS < limit)) || fail "gave up waiting for $what."
    sleep 0.1
  done
}

# publish_sample NAME FOLDER [OPTION...]
publish_sample() {
  quietly dotnet publish "samples/$1" -c Release -o "$2" "${@:3}" "${build_options[@]}"
}

# publish_samples FOLDER: all samples at once, each in the folder of its name. The build of the solution checks their code.
publish_samples() {
  quietly dotnet publish eng/samples.slnf -c Release -maxcpucount:2 -p:RunAnalyzers=false "${build_options[@]}"
  local publish sample
  for publish in samples/*/bin/Release/net10.0/*/publish; do
    sample=${publish#samples/}
    rm -rf "${1:?}/${sample%%/*}"
    cp -r "$publish" "$1/${sample%%/*}"
  done
}

# build_go NAME FOLDER: a Go program that uses Debian's packages, stripped as a native binary is, as $box/NAME.
build_go() {
  GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$box/go quietly go build -ldflags '-s -w' -o "$box/$1" "./$2"
}

# describe_machine [FILE_SYSTEM]: what figures depend on. The file system is that of /tmp, if none is said.
describe_machine() {
  local model file_system=${1:-$(file_system_of_box)}
  model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
  say "$(nproc) x ${model:-$(uname -m)}, Linux $(uname -r), $file_system, $(date --utc +%F)"
}

file_system_of_box() { findmnt --noheadings --output FSTYPE --target "$box"; }

# open_box NAME: the folder $box alone, with no namespaces around it, for what needs no root.
open_box() {
  make_box "$1"
  trap 'rm -rf "$box"' EXIT
  export TMPDIR=$box/tmp
}

# Not in $TMPDIR: the path of a Unix socket has at most 107 bytes.
make_box() {
  box=$(mktemp -d "/tmp/$1.XXXXXX")
  mkdir "$box/tmp"
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# enter_box NAME "$@": runs the script again in process and mount namespaces of its own, and goes on only in there.
# However the script ends, the kernel then ends every process started inside and drops every mount made inside, and
# the outer script removes the folder $box, the only place that is written to, and the containers' cgroups.
enter_box() {
  local name=$1
  shift
  if [[ -n ${SNAPSHOTS_BOX:-} ]]; then
    box=$SNAPSHOTS_BOX
    unset SNAPSHOTS_BOX
    return
  fi

  make_box "$name"
  trap remove_box EXIT
  SNAPSHOTS_BOX=$box TMPDIR=$box/tmp setpriv --pdeathsig KILL \
    unshare --mount --pid --mount-proc --fork --kill-child "$BASH" "$0" "$@" &
  unshare_id=$!
  local status=0
  wait "$unshare_id" || status=$?
  unshare_id=
  exit "$status"
}

remove_box() {
  trap '' HUP INT TERM
  local init=
  if [[ -n ${unshare_id:-} ]]; then
    read -r init 2>/dev/null <"/proc/$unshare_id/task/$unshare_id/children" || true
    kill -KILL "$unshare_id" 2>/dev/null || true
    wait "$unshare_id" 2>/dev/null || true
    # The first process of the namespaces is gone only when all others in there are.
    for _ in {1..100}; do
      grep -q '^State:[[:space:]]*[^Z]' "/proc/${init:-none}/status" 2>/dev/null || break
      sleep 0.1
    done
  fi
  remove_cgroups "$(basename "$box")"
  rm -rf "$box"
}

# A killed container leaves its cgroups, one for each hierarchy; containerd's namespace, and so they, bear the box's name.
remove_cgroups() {
  local folder
  find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d -name "$1" | while read -r folder; do
    for _ in {1..50}; do
      find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null && break
      sleep 0.1
    done
  done
}

# Inside the box: containerd's shims and runc keep files in /run, whatever folders containerd is given.
hide_run() { mount --no-mtab -t tmpfs -o mode=755 run /run; }
