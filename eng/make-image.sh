#!/usr/bin/env bash
# Writes a small image of three layers, or four, as an OCI archive, with nothing but tar, gzip and sha256sum.
# Equal input gives an equal file, byte for byte.
#
#   layer 1  busybox and its links; /layers/1.txt
#   layer 2  /layers/2.txt, /layers/changed.txt, /layers/deleted.txt, /layers/folder/old.txt
#   layer 3  /layers/3.txt, another /layers/changed.txt, no /layers/deleted.txt,
#            an opaque /layers/folder with new.txt, and the default command /bin/show-layers
#   layer 4  if there is a FOLDER: what is in it
set -euo pipefail
shopt -s inherit_errexit

if [[ $# -lt 2 || $# -gt 4 ]]; then
  echo "usage: make-image.sh OUT.tar NAME [BUSYBOX [FOLDER]]     NAME as in example.test/hello:1" >&2
  exit 2
fi
out=$1 name=$2 busybox=${3:-/bin/busybox} folder=${4:-}

case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) echo "make-image.sh: no image is made for the machine type $(uname -m)." >&2; exit 1 ;;
esac
if [[ ! -x $busybox ]]; then
  echo "make-image.sh: $busybox is missing; Debian's package busybox-static has it." >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
blobs=$work/image/blobs/sha256
mkdir -p "$blobs" "$work"/{1,2,3}/layers

fill_layer_1() {
  local root=$work/1 applet
  mkdir -p "$root"/{bin,dev,etc,proc,root,sys,tmp}
  chmod 1777 "$root/tmp"
  cp "$busybox" "$root/bin/busybox"
  chmod 755 "$root/bin/busybox"
  for applet in cat echo env grep id ls mkdir mount rm sh sleep stat test touch true uname wc; do
    ln -s busybox "$root/bin/$applet"
  done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  echo 'written by layer 1' >"$root/layers/1.txt"
}

fill_layer_2() {
  local layers=$work/2/layers
  mkdir "$layers/folder"
  echo 'written by layer 2' >"$layers/2.txt"
  echo 'written by layer 2' >"$layers/changed.txt"
  echo 'written by layer 2' >"$layers/deleted.txt"
  echo 'written by layer 2' >"$layers/folder/old.txt"
}

fill_layer_3() {
  local root=$work/3 layers=$work/3/layers
  mkdir -p "$root/bin" "$layers/folder"
  echo 'written by layer 3' >"$layers/3.txt"
  echo 'written by layer 2, changed by layer 3' >"$layers/changed.txt"
  : >"$layers/.wh.deleted.txt"
  : >"$layers/folder/.wh..wh..opq"
  echo 'written by layer 3' >"$layers/folder/new.txt"
  cat >"$root/bin/show-layers" <<'SCRIPT'
#!/bin/sh
echo "Hello from a container on $(uname -s) $(uname -m)."
for file in /layers/*.txt /layers/*/*.txt; do
  echo "$file: $(cat "$file")"
done
SCRIPT
  chmod 755 "$root/bin/show-layers"
}

fill_layer_4() { cp -r "$folder" "$work/4"; }

sha256() { sha256sum "$1" | cut -d ' ' -f 1; }

# Moves a file among the blobs under its digest and prints its descriptor.
add_blob() {
  local file=$1 media_type=$2 digest
  digest=$(sha256 "$file")
  printf '{"mediaType":"%s","digest":"sha256:%s","size":%d}' "$media_type" "$digest" "$(stat -c %s "$file")"
  mv "$file" "$blobs/$digest"
}

# Entries in a fixed order, with no time, owner or name of this machine in them.
pack() {
  LC_ALL=C tar --create --format=ustar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
    --directory="$1" --file="$2" "${@:3}"
}

diff_ids=() layers=()
for layer in 1 2 3 ${folder:+4}; do
  "fill_layer_$layer"
  pack "$work/$layer" "$work/layer.tar" .
  diff_ids+=("\"sha256:$(sha256 "$work/layer.tar")\"")
  gzip -n "$work/layer.tar"
  layers+=("$(add_blob "$work/layer.tar.gz" application/vnd.oci.image.layer.v1.tar+gzip)")
done

joined() { local IFS=,; echo "$*"; }

cat >"$work/config" <<JSON
{
  "architecture": "$architecture",
  "os": "linux",
  "config": { "Env": ["PATH=/bin"], "Cmd": ["/bin/show-layers"], "WorkingDir": "/" },
  "rootfs": { "type": "layers", "diff_ids": [$(joined "${diff_ids[@]}")] }
}
JSON
config=$(add_blob "$work/config" application/vnd.oci.image.config.v1+json)

cat >"$work/manifest" <<JSON
{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.manifest.v1+json",
  "config": $config,
  "layers": [$(joined "${layers[@]}")]
}
JSON
manifest=$(add_blob "$work/manifest" application/vnd.oci.image.manifest.v1+json)

echo '{"imageLayoutVersion":"1.0.0"}' >"$work/image/oci-layout"
cat >"$work/image/index.json" <<JSON
{
  "schemaVersion": 2,
  "manifests": [
    ${manifest%\}}, "annotations": { "io.containerd.image.name": "$name" } }
  ]
}
JSON
pack "$work/image" "$work/image.tar" oci-layout index.json blobs
mv "$work/image.tar" "$out"
