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
packages that are missing are installed. About ten minutes.

  --quick   fewer and shorter turns: about four minutes, and figures that are good for nothing but a look
TEXT
}

options=()
main() {
  say "Publishing ours and the floor with Native AOT."
  publish Canned
  publish Floor

  say "Building Go's, and what measures them."
  build_go peer
  build_go measure

  mkdir "$box/run"
  say ""
  say "$(describe_machine)"
  "$box/measure" -ours "$box/Canned/canned-snapshotter" -floor "$box/Floor/floor" -peer "$box/peer" \
    -folder "$box/run" "${options[@]}" || fail_with_logs
}

publish() { quietly dotnet publish "benchmarks/Wire/$1" -c Release -o "$box/$1" "${build_options[@]}"; }

# Stripped, as a program that is published natively is.
build_go() {
  GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$box/go \
    quietly go build -ldflags '-s -w' -o "$box/$1" "./benchmarks/Wire/$1"
}

describe_machine() {
  local model
  model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
  say "$(nproc) x ${model:-$(uname -m)}, Linux $(uname -r), $(date --utc +%F)"
}

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
