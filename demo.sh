#!/usr/bin/env bash
# Runs an image through a snapshotter written in C#: samples/Overlay as one native binary, beside a containerd of its
# own. A containerd that the machine runs already is left alone, and nothing stays behind.
#
#   ./demo.sh         samples/Overlay: containerd unpacks the image
#   ./demo.sh lazy    samples/Lazy: the snapshotter fetches the image from a registry
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=eng/prepare.sh
source eng/prepare.sh
# shellcheck source=eng/demo-steps.sh
source eng/demo-steps.sh

case ${1:-} in
  '') ;;
  lazy) exec eng/demo-lazy.sh ;;
  *) fail "usage: ./demo.sh [lazy]" ;;
esac

if [[ -z ${SNAPSHOTS_BOX:-} ]]; then
  require_linux
  require_root
  require_dotnet
  install_missing containerd runc busybox-static gcc libc6-dev zlib1g-dev
fi
enter_box demo "$@"

image=example.test/demo:1
export CONTAINERD_ADDRESS=$box/containerd.sock CONTAINERD_NAMESPACE=${box##*/} CONTAINERD_SNAPSHOTTER=overlay

main() {
  step "Publish samples/Overlay with Native AOT (a minute or two)"
  publish_sample Overlay "$box/bin"
  show ls -sh "$box/bin/overlay-snapshotter"

  step "Start it, and a private containerd that knows it"
  start_snapshotter
  start_containerd
  show grep -A 2 proxy_plugins "$box/config.toml"

  step "Import an image of three layers: the snapshotter gets each layer from containerd"
  eng/make-image.sh "$box/image.tar" "$image"
  show ctr images import "$box/image.tar"
  show ctr snapshots tree
  show ctr snapshots ls

  step "Run it: the container's files come from the snapshotter"
  show ctr run --rm "$image" demo | tee "$box/output"

  step "What containerd asked of the snapshotter for that"
  show_calls

  step "Kill the snapshotter, start it again and run the image once more: nothing is lost"
  run_after_kill

  step "Remove the image: garbage collection empties the snapshotter"
  show ctr images rm --sync "$image"
  wait_for 30 "containerd's garbage collection to empty the snapshotter" "$containerd_id" is_empty
  show ctr snapshots ls
  show ls -A "$box/root/snapshots"
  show_calls

  step "Stop both"
  stop containerd "$containerd_id"
  stop overlay-snapshotter "$snapshotter_id"

  check_output
  step "All seen: the image ran, and nothing is left."
}

start_snapshotter() {
  "$box/bin/overlay-snapshotter" "$box/overlay.sock" --root "$box/root" --log-level debug 2>>"$box/snapshotter.log" &
  snapshotter_id=$!
  wait_for 30 "the snapshotter to listen" "$snapshotter_id" test -S "$box/overlay.sock"
}

start_containerd() {
  hide_run
  cat >"$box/config.toml" <<TOML
version = 2
root = "$box/containerd"
state = "$box/state"
disabled_plugins = [
  "io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
]
[grpc]
  address = "$CONTAINERD_ADDRESS"
[proxy_plugins.overlay]
  type = "snapshot"
  address = "$box/overlay.sock"
TOML
  containerd --config "$box/config.toml" --log-level warn >"$box/containerd.log" 2>&1 &
  containerd_id=$!
  wait_for 30 "containerd to answer" "$containerd_id" ctr version
}

# What the snapshotter has logged since the last time, without what makes the lines long: date, log category,
# containerd's namespace and most of each digest.
show_calls() {
  local lines
  lines=$(wc -l <"$box/snapshotter.log")
  say "overlay-snapshotter's log:"
  sed -E "
    $((shown_lines + 1)),$lines!d
    / info: /d
    s/^[0-9-]+T([0-9:.]+)Z dbug: [^ ]+ /  \1 /
    s/(sha256:[0-9a-f]{12})[0-9a-f]{52}/\1/g
    s|$CONTAINERD_NAMESPACE/||g" "$box/snapshotter.log"
  shown_lines=$lines
}
shown_lines=0

# containerd's list forgets a snapshot before the snapshotter does: look at the snapshotter's own folder.
is_empty() { [[ -d $box/root/snapshots && -z $(ls -A "$box/root/snapshots") ]]; }

# deleted.txt and folder/old.txt are missing: layer 3 deletes them.
check_output() {
  diff "$box/output" - >&2 <<TEXT || fail "the container did not print what it should (above: what differs)."
\$ ctr run --rm $image demo
Hello from a container on $(uname -s) $(uname -m).
/layers/1.txt: written by layer 1
/layers/2.txt: written by layer 2
/layers/3.txt: written by layer 3
/layers/changed.txt: written by layer 2, changed by layer 3
/layers/folder/new.txt: written by layer 3
TEXT
}

trap 'show_logs_on_failure $?' EXIT
main
