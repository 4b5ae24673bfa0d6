#!/usr/bin/env bash
# Compares samples/Overlay, as one native binary, with containerd's own overlay snapshotter. See --help.
set -euo pipefail
BASH_ARGV0=$(readlink -f "$0") # It is started again, from another folder.
cd "$(dirname "$0")/../.."
# shellcheck source=eng/prepare.sh
source eng/prepare.sh

usage() {
  cat <<'TEXT'
usage: benchmarks/Overlay/run.sh [--quick]

Publishes samples/Overlay with Native AOT as one file, with Debian's SQLite in it, builds containerd's overlay
snapshotter (Go, from Debian's packages) as a program of its own, and has both take turns under the same load:
containerd's own client, a Unix socket, the file system of /tmp. The medians of their turns are printed as tables; a
ratio is ours divided by Go's. Run it as root on Debian 12 with the .NET 10 SDK, while nothing else uses the disk;
Debian packages that are missing are installed. About four minutes.

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

  mkdir "$box/snapshots"
  say ""
  describe_machine
  say ""
  "$box/compare" -ours "$box/bin/overlay-snapshotter" -peer "$box/peer" -folder "$box/snapshots" "${options[@]}" ||
    fail_with_logs
}

file_system() { findmnt --noheadings --output FSTYPE --target "$box"; }

fail_with_logs() {
  tail --lines 20 "$box"/snapshots/*.log >&2
  fail "the comparison did not come to its end."
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
  install_missing gcc libc6-dev zlib1g-dev libsqlite3-dev golang-go golang-github-containerd-containerd-dev
fi
enter_box overlay-benchmark "${arguments[@]}"
[[ $(file_system) != tmpfs ]] || fail "/tmp is in memory here, where syncing costs nothing: mount a disk there."
main
