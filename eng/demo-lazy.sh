#!/usr/bin/env bash
# Pulls an unmodified image through samples/Lazy, and starts a container from an eStargz image before it is there, with a
# registry and a containerd 2 of its own. Nothing stays behind.
set -euo pipefail
BASH_ARGV0=$(readlink -f "$0") # The script restarts itself from another folder.
cd "$(dirname "$0")/.."
# shellcheck source=eng/prepare.sh
source eng/prepare.sh
# shellcheck source=eng/demo-steps.sh
source eng/demo-steps.sh

if [[ -z ${SNAPSHOTS_BOX:-} ]]; then
  require_linux
  require_root
  require_dotnet
  install_missing containerd runc busybox-static docker-registry stargz-snapshotter gcc libc6-dev zlib1g-dev
fi
enter_box demo-lazy "$@"

port=$((20000 + RANDOM % 10000))
image=127.0.0.1:$port/demo:1 lazy_image=127.0.0.1:$port/lazy:1
export CONTAINERD_ADDRESS=$box/containerd.sock CONTAINERD_NAMESPACE=${box##*/} CONTAINERD_SNAPSHOTTER=lazy

main() {
  step "Publish samples/Lazy with Native AOT (a minute or two)"
  publish_sample Lazy "$box/bin"
  show ls -sh "$box/bin/lazy-snapshotter"

  step "Start it, and a private containerd 2 with what the command \"config\" prints"
  provide_newer "$box/containerd2" containerd
  [[ -x $box/containerd2/usr/bin/containerd ]] || fail "containerd 2 is needed, which tells snapshotters where layers come from, and it cannot be downloaded."
  export PATH=$box/containerd2/usr/bin:$PATH
  start_snapshotter
  start_containerd
  show grep -A 8 proxy_plugins "$box/config.toml"

  step "Start a registry, and push an ordinary image of three layers to it"
  start_registry
  eng/make-image.sh "$box/image.tar" "$image"
  show ctr images import --snapshotter overlayfs "$box/image.tar"
  quietly ctr images push --plain-http "$image"
  quietly ctr images rm --sync "$image"
  : >"$box/registry.log"

  step "Pull it: the snapshotter fetches the layers, and containerd only the manifest and the configuration"
  quietly ctr images pull --plain-http --snapshotter lazy "$image"
  show ctr content ls
  show "$box/bin/lazy-snapshotter" layers --root "$box/root"
  say "The registry was asked for these layers:"
  grep --text --only-matching 'GET /v2/demo/blobs/sha256:[0-9a-f]\{12\}' "$box/registry.log" | sort | uniq -c

  step "Run it"
  show ctr run --rm "$image" demo | tee "$box/output"

  step "Make an eStargz image of it, with 32 MB in eight files, and push that"
  push_lazy_image
  show ctr images ls -q

  step "Allow it to be lazy. The rest of it comes at 100 kB/s, so that there is time to look"
  stop_quietly "$snapshotter_id"
  snapshotter_options=(--lazy-from "127.0.0.1:$port" --fetch-rate 100000)
  start_snapshotter
  wait_for_snapshotter
  quietly ctr images pull --plain-http --snapshotter lazy "$lazy_image"
  show "$box/bin/lazy-snapshotter" layers --root "$box/root"

  step "Run a container that reads all files, and kill the snapshotter with SIGKILL after two of them"
  run_while_killed

  step "Let the rest arrive: the layers are verified, and plain images take their place"
  stop_quietly "$snapshotter_id"
  snapshotter_options=(--lazy-from "127.0.0.1:$port")
  start_snapshotter
  wait_for_snapshotter
  wait_for 60 "all layers to be complete" "$snapshotter_id" is_complete
  show "$box/bin/lazy-snapshotter" layers --root "$box/root"
  show "$box/bin/lazy-snapshotter" why --root "$box/root" "$lazy_image"

  step "Stop the registry, kill the snapshotter, start it again: the image still runs"
  stop_quietly "$registry_id"
  run_after_kill

  step "Remove the images: garbage collection removes the layers"
  show ctr images rm "$image"
  show ctr images rm --sync "$lazy_image"
  wait_for 30 "the snapshotter to remove the layers" "$containerd_id" is_empty
  show ls -A "$box/root/layers"

  step "Stop both"
  stop containerd "$containerd_id"
  stop lazy-snapshotter "$snapshotter_id"
  ! grep -q " $box/root" /proc/self/mountinfo || fail "mounts are left."

  step "All seen: an unmodified image was pulled without containerd unpacking it, a container read another one before it was there, and nothing is left."
}

snapshotter_options=()
start_snapshotter() {
  "$box/bin/lazy-snapshotter" "$box/lazy.sock" --root "$box/root" --hosts-dir "$box/hosts" "${snapshotter_options[@]}" 2>>"$box/snapshotter.log" &
  snapshotter_id=$!
  wait_for 30 "the snapshotter to listen" "$snapshotter_id" test -S "$box/lazy.sock"
}

start_containerd() {
  hide_run
  "$box/bin/lazy-snapshotter" config "$box/lazy.sock" --root "$box/root" --name lazy --containerd 2 >"$box/config.toml"
  cat >"$box/main.toml" <<TOML
version = 3
root = "$box/containerd"
state = "$box/state"
imports = ["$box/config.toml"]
disabled_plugins = [
  "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.grpc.v1.cri",
  "io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.erofs", "io.containerd.snapshotter.v1.zfs",
]
[grpc]
  address = "$CONTAINERD_ADDRESS"
TOML
  containerd --config "$box/main.toml" --log-level warn >"$box/containerd.log" 2>&1 &
  containerd_id=$!
  wait_for 30 "containerd to answer" "$containerd_id" ctr version
}

start_registry() {
  cat >"$box/registry.yml" <<YAML
version: 0.1
log: {accesslog: {disabled: false}, level: warn}
storage: {filesystem: {rootdirectory: $box/registry}}
http: {addr: "127.0.0.1:$port"}
YAML
  docker-registry serve "$box/registry.yml" >>"$box/registry.log" 2>&1 &
  registry_id=$!
  wait_for 30 "the registry to answer" "$registry_id" bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"
}

wait_for_snapshotter() { wait_for 30 "containerd to reach the snapshotter again" "$snapshotter_id" ctr snapshots ls; }

# The files' bytes do not compress. The image as it was before is not in the registry.
push_lazy_image() {
  local number
  mkdir -p "$box/files/data"
  for number in {1..8}; do
    head --bytes 4000000 /dev/urandom >"$box/files/data/$number"
  done
  eng/make-image.sh "$box/image.tar" "$lazy_image-plain" /bin/busybox "$box/files"
  quietly ctr images import --snapshotter overlayfs "$box/image.tar"
  show ctr-remote images convert --estargz --oci "$lazy_image-plain" "$lazy_image"
  quietly ctr images push --plain-http "$lazy_image"
  quietly ctr images rm "$lazy_image-plain"
  quietly ctr images rm --sync "$lazy_image"
}

# What it reads after the second file is asked for while no snapshotter runs.
run_while_killed() {
  # shellcheck disable=SC2016 # The container expands it.
  local script='for file in /data/*; do busybox sha256sum $file; [ $file != /data/2 ] || read -r go; done'
  mkfifo "$box/go"
  say "\$ ctr run --rm $lazy_image demo-lazy sh -c '$script'"
  ctr run --rm "$lazy_image" demo-lazy sh -c "$script" <"$box/go" >"$box/lazy-output" 2>&1 &
  local container_id=$!
  exec 8>"$box/go"
  wait_for 60 "the container to read two files" "$container_id" has_lines 2
  wait_for 30 "layers to tell of them" "$container_id" has_progress
  show "$box/bin/lazy-snapshotter" layers --root "$box/root"
  { kill -KILL "$snapshotter_id" && wait "$snapshotter_id"; } 2>/dev/null || true
  say "The snapshotter is killed."
  echo >&8
  exec 8>&-
  start_snapshotter
  say "It runs again."
  wait "$container_id" || fail "the container failed: $(cat "$box/lazy-output")"
  cat "$box/lazy-output"
  (cd "$box/files" && sha256sum data/*) | sed 's|  |  /|' | cmp --silent - "$box/lazy-output" || fail "the container read other bytes."
  say "These are the right digests."
  grep --only-matching 'Took over the mount.*' "$box/snapshotter.log"
}

has_lines() { [[ $(wc -l <"$box/lazy-output") -ge $1 ]]; }

# The record of a layer is written each second.
has_progress() { "$box/bin/lazy-snapshotter" layers --root "$box/root" | grep -qE 'lazy, unverified +[1-9][0-9]? % +32\.0 MB'; }

is_complete() { ! "$box/bin/lazy-snapshotter" layers --root "$box/root" | grep -qE ' (lazy|fetching)'; }

stop_quietly() { { kill -TERM "$1" && wait "$1"; } 2>/dev/null || true; }

is_empty() { ! compgen -G "$box/root/layers/*.erofs" >/dev/null; }

trap 'show_logs_on_failure $?' EXIT
main
