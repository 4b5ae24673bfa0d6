#!/usr/bin/env bash
# Compares samples/Overlay, as one native binary, with containerd's own overlay snapshotter. See --help.
set -euo pipefail
BASH_ARGV0=$(readlink -f "$0") # The script restarts itself from another folder.
cd "$(dirname "$0")/../.."
# shellcheck source=eng/prepare.sh
source eng/prepare.sh

usage() {
  cat <<'TEXT'
usage: benchmarks/Overlay/run.sh [--quick]

Publishes samples/Overlay with Native AOT as one file that contains Debian's SQLite, builds containerd's overlay
snapshotter (Go, from Debian's packages) as a program, and runs both in turns under the same load: containerd's own
client, a Unix socket, and a new file system for both, ext4 with a journal in a file in /tmp. It prints tables with the
medians of the turns; a ratio is ours divided by Go's. Run it as root on Debian 12 with the .NET 10 SDK and 6 GB free in
/tmp, while nothing else uses the disk. It installs missing Debian packages. It takes about six minutes.

  --quick   fewer and shorter turns, and no more than 1,000 snapshots: about a minute
TEXT
}

options=()
main() {
  say "Publishing samples/Overlay with Native AOT, as one file."
  publish_sample Overlay "$box/bin" -p:StaticSqliteLinking=true

  say "Building containerd's overlay snapshotter, and the client of both."
  build_go peer benchmarks/Overlay/peer
  build_go compare benchmarks/Overlay/compare

  make_file_system
  say ""
  describe_machine "ext4 in a file on $(file_system_of_box)"
  say ""
  "$box/compare" -ours "$box/bin/overlay-snapshotter" -peer "$box/peer" -folder "$box/snapshots" "${options[@]}" ||
    fail_with_logs
}

# A new file system treats both alike. After many removals, new directories are slower, and on ext4 they are slower in some
# places than in others: the same program was a third faster in one of two folders of /tmp. 100,000 snapshots of each
# server need more inodes than such a file system has by default, and it must not initialize inodes during the measurement.
make_file_system() {
  truncate --size 8G "$box/disk"
  quietly mkfs.ext4 -q -N 1000000 "$box/disk"
  mkdir "$box/snapshots"
  mount -o loop,noinit_itable "$box/disk" "$box/snapshots" ||
    fail "cannot mount a file: the kernel needs its loop devices, and a container must be privileged."
}

fail_with_logs() {
  tail --lines 20 "$box"/snapshots/*.log >&2
  fail "the comparison failed."
}

arguments=("$@")
while [[ $# -gt 0 ]]; do
  case $1 in
    --quick) options=(-turns 3 -length 1s -most 1000) ;;
    --help | -h)
      usage
      exit
      ;;
    *) fail "unknown argument $1; see --help." ;;
  esac
  shift
done

if [[ -z ${SNAPSHOTS_BOX:-} ]]; then
  require_linux
  require_root
  require_dotnet
  install_missing e2fsprogs gcc libc6-dev zlib1g-dev libsqlite3-dev golang-go golang-github-containerd-containerd-dev
fi
enter_box overlay-benchmark "${arguments[@]}"
[[ $(file_system_of_box) != tmpfs ]] || fail "/tmp is in memory here, where syncing costs nothing: mount a disk there."
main
