#!/usr/bin/env bash
# Compares what a call costs between the socket and a snapshotter: here, in Go, and at the least. See --help.
set -euo pipefail
BASH_ARGV0=$(readlink -f "$0") # It is started again, from another folder.
cd "$(dirname "$0")/../.."
# shellcheck source=eng/prepare.sh
source eng/prepare.sh

usage() {
  cat <<'TEXT'
usage: benchmarks/Wire/run.sh [--quick]

Three servers with the same canned answers take turns under the same load, which h2load makes through a Unix socket:
ours, a snapshotter published with Native AOT; the floor, Kestrel alone with hand-written bytes; and Go's, containerd's
own service (from Debian's packages). First it is checked that their answers are the same. The medians of their turns
are printed as tables, with ratios. Run it as root on Debian 12 with the .NET 10 SDK, while nothing else runs; Debian
packages that are missing are installed. About five minutes.

  --quick   fewer and shorter turns: about two minutes, and figures that are good for nothing but a look
TEXT
}

options=()
main() {
  say "Publishing ours and the floor with Native AOT."
  publish Canned
  publish Floor

  say "Building Go's, and what measures them."
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
  fail "the comparison did not come to its end."
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
