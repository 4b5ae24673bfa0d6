#!/usr/bin/env bash
# Compares the cost of a call between the socket and a snapshotter: ours, Go's, and the minimum. See --help.
set -euo pipefail
BASH_ARGV0=$(readlink -f "$0") # The script restarts itself from another folder.
cd "$(dirname "$0")/../.."
# shellcheck source=eng/prepare.sh
source eng/prepare.sh

usage() {
  cat <<'TEXT'
usage: benchmarks/Wire/run.sh [--quick]

Runs three servers with the same canned answers in turns under the same load, which h2load makes through a Unix socket:
ours, a snapshotter published with Native AOT; the floor, Kestrel with hand-written bytes; and Go's, containerd's own
service (from Debian's packages). It first checks that their answers are the same. It prints tables with the medians of
the turns, and ratios. Run it as root on Debian 12 with the .NET 10 SDK, while nothing else runs. It installs missing
Debian packages. It takes about five minutes.

  --quick   fewer and shorter turns: about two minutes, with rough figures
TEXT
}

options=()
main() {
  say "Publishing ours and the floor with Native AOT."
  publish Canned
  publish Floor

  say "Building Go's, and the program that measures all three."
  build_go peer benchmarks/Wire/peer
  build_go measure benchmarks/Wire/measure

  mkdir "$box/run"
  say ""
  describe_machine
  "$box/measure" -ours "$box/Canned/canned-snapshotter" -floor "$box/Floor/floor" -peer "$box/peer" \
    -folder "$box/run" "${options[@]}" || fail_with_logs
}

publish() { quietly dotnet publish "benchmarks/Wire/$1" -c Release -o "$box/$1" "${build_options[@]}"; }

fail_with_logs() {
  tail --lines 20 "$box"/run/*.log >&2
  fail "the comparison failed."
}

arguments=("$@")
while [[ $# -gt 0 ]]; do
  case $1 in
    --quick) options=(-turns 3 -share 0.1 -rests 1 -starts 20) ;;
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
  install_missing gcc libc6-dev zlib1g-dev golang-go golang-github-containerd-containerd-dev nghttp2-client
fi
enter_box wire-benchmark "${arguments[@]}"
main
