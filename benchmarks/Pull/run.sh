#!/usr/bin/env bash
# Compares samples/Lazy with containerd's own snapshotters and SOCI at pulling an image and running it. See --help.
set -euo pipefail
BASH_ARGV0=$(readlink -f "$0") # The script restarts itself from another folder.
start_folder=$PWD
cd "$(dirname "$0")/../.."
# shellcheck source=eng/prepare.sh
source eng/prepare.sh

usage() {
  cat <<'TEXT'
usage: benchmarks/Pull/run.sh [--quick] [--chart FILE]

Makes an ordinary image of 12 layers and 600 MB from files of this machine, as gzip and as zstd, and pushes it to a
registry on loopback. Then it pulls the image with containerd 2 and runs it, directly and through a slow line (a proxy
with a round trip of 50 ms and 200 Mbit/s for all connections together), with four snapshotters in turns:

  overlayfs         containerd's own
  erofs             containerd's own, with its erofs differ and mkfs.erofs
  SOCI              soci-snapshotter, without an index of the image
  lazy-snapshotter  samples/Lazy, published with Native AOT as one file

Each turn has a new file system, new daemons and cold caches; only the registry's files are in memory. igzip is in
containerd's PATH, which makes it inflate faster. It prints a table with the medians of the turns. Run it as root on
Debian 12 with the .NET 10 SDK, a kernel that has cgroup 2, EROFS and overlayfs, and 12 GB free in /tmp, while nothing else
runs. It installs missing Debian packages, and unpacks containerd 2, erofs-utils, soci-snapshotter and isal of a newer
Debian without installing them, unless CONTAINERD2 is the folder usr/bin of such a copy. It takes about twenty minutes.

  --quick       one turn instead of three: about seven minutes
  --chart FILE  also draws the times as a chart, as SVG
TEXT
}

# The programs of a newer Debian, and the libraries that Debian 12 has not, or not as new.
newer_packages=(containerd soci-snapshotter erofs-utils isal
  libc6 libisal2 liblz4-1 libdeflate0 libxxhash0 libzstd1 libxml2-16)
newer_programs=(containerd ctr containerd-shim-runc-v2 soci-snapshotter-grpc mkfs.erofs igzip)

main() {
  say "Publishing samples/Lazy with Native AOT, as one file."
  publish_sample Lazy "$box/bin" -p:StaticSqliteLinking=true

  say "Building the programs that make the image, slow the line and measure."
  local program
  for program in image line measure; do
    build_go "$program" "benchmarks/Pull/$program"
  done
  prepare_newer

  mkdir "$box/turns"
  groups=$(findmnt --noheadings --first-only --types cgroup2 --output TARGET)/${box##*/} || fail "this needs a cgroup 2."
  mkdir -p "$groups/registry"
  hide_run
  hide_var_lib
  start_registry
  make_image
  start_line

  say ""
  describe_machine "ext4 in a file on $(file_system_of_box)"
  say ""
  "$box/measure" -registry "$registry" -shaped "$shaped" -path "$box/path" \
    -ours "$box/bin/lazy-snapshotter" -folder "$box/turns" -groups "$groups" "${options[@]}" || fail_with_logs
}

prepare_newer() {
  local newer=$box/newer program
  if [[ -n ${CONTAINERD2:-} ]]; then
    newer=$(realpath "$CONTAINERD2/../..")
  else
    say "Fetching containerd 2 and others."
    provide_newer "$newer" "${newer_packages[@]}"
  fi

  mkdir "$box/path"
  for program in "${newer_programs[@]}"; do
    [[ -x $newer/usr/bin/$program ]] || fail "$program of a newer Debian is missing in $newer/usr/bin."
    ln -s "$newer/usr/bin/$program" "$box/path/$program"
  done
  with_newer_libraries mkfs.erofs
  with_newer_libraries igzip
}

# A program that needs a newer libc than this machine's is started by that libc's own loader.
with_newer_libraries() {
  local libraries loader program=$box/path/$1
  libraries=$(dirname "$(readlink -f "$program")")/../lib/$(uname -m)-linux-gnu
  loader=$(find "$libraries" -name 'ld-linux-*.so.*' -print -quit)
  [[ -n $loader ]] || fail "libc6 of a newer Debian is missing in $libraries."
  printf '#!/bin/sh\nexec %q --library-path %q %q "$@"\n' "$loader" "$libraries" "$(readlink -f "$program")" >"$box/program"
  chmod +x "$box/program"
  mv "$box/program" "$program"
  "$program" --help >/dev/null 2>&1 || fail "$1 of a newer Debian does not run here."
}

# soci-snapshotter keeps layers in a folder in there, whatever its options say: they belong on the turn's disk.
hide_var_lib() {
  mount --no-mtab -t tmpfs lib /var/lib
  ln -s "$box/turns/disk/snapshotter" /var/lib/soci-snapshotter-grpc
}

# Their processor time is counted apart.
start_apart() {
  local name=$1
  shift
  (echo 0 >"$groups/registry/cgroup.procs" && exec "$@") >"$box/turns/$name.log" 2>&1 &
}

# The ports are free with all likelihood; a registry that cannot listen ends.
start_registry() {
  registry=127.0.0.1:$((20000 + RANDOM % 10000))
  printf '%s\n' 'version: 0.1' 'log: {accesslog: {disabled: true}, level: error}' \
    "storage: {filesystem: {rootdirectory: $box/registry}}" "http: {addr: $registry}" >"$box/registry.yml"
  start_apart registry docker-registry serve "$box/registry.yml"
  wait_for 30 "the registry" $! answers "$registry"
}

start_line() {
  shaped=127.0.0.1:$((30000 + RANDOM % 2000))
  start_apart line "$box/line" -listen "$shaped" -to "$registry" -delay 50ms -rate 200
  wait_for 30 "the slow line" $! answers "$shaped"
}

answers() { : <>"/dev/tcp/${1%:*}/${1#*:}"; }

# Folders that mostly have files of Debian's packages, those that are on every machine with this script's packages first.
make_image() {
  say "Making the image."
  mkdir "$box/layers"
  local dotnet
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  "$box/image" -registry "$registry" -folder "$box/layers" /usr/share/gocode /usr/share/go-* "$dotnet" /usr/include \
    /usr/lib/gcc /usr/lib/python3 "/usr/lib/$(uname -m)-linux-gnu" /usr/share
}

fail_with_logs() {
  tail --lines 20 "$box"/turns/*.log >&2
  fail "the comparison failed."
}

options=() arguments=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --quick)
      options+=(-turns 1)
      arguments+=(--quick)
      ;;
    --chart)
      [[ $# -ge 2 ]] || fail "--chart needs a file."
      chart=$(cd "$start_folder" && realpath "$2")
      options+=(-chart "$chart")
      arguments+=(--chart "$chart")
      shift
      ;;
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
  install_missing runc busybox-static docker-registry zstd e2fsprogs gcc libc6-dev zlib1g-dev libsqlite3-dev \
    golang-go golang-github-containerd-containerd-dev # Whose sources are many files of the image.
fi
enter_box pull-benchmark "${arguments[@]}"
[[ $(file_system_of_box) != tmpfs ]] || fail "/tmp is in memory here, where syncing costs nothing: mount a disk there."
main
