#!/usr/bin/env bash
# usage: unshare --mount box.sh FOLDER NAME BINARIES
#
# Runs a real systemd, with the units of FOLDER/units, as the first process of its own namespaces and cgroup, and prints
# its process id. In this box /run, /dev, /root and /etc/containerd are new, /var/lib is FOLDER/lib, the folder of NAME's
# socket is FOLDER/run, and the unit finds the snapshotter in BINARIES. When the standard input ends, the kernel ends every process in the box.
set -euo pipefail

folder=$1 name=$2 binaries=$3
cgroup=$folder/cgroups/$(basename "$folder")

open() {
  mkdir "$folder/cgroups"
  mount --no-mtab -t cgroup2 cgroup2 "$folder/cgroups"
  mkdir "$cgroup"
  enter </dev/null &
  unshare_id=$!
  trap close EXIT
  say_first_process
  cat >/dev/null
}

enter() {
  echo "$BASHPID" >"$cgroup/cgroup.procs"
  exec unshare --mount --cgroup --pid --net --uts --ipc --mount-proc --fork --kill-child \
    "$BASH" "$0" "$folder" "$name" "$binaries" boot
}

boot() {
  # As systemd sets it on a machine.
  mount --no-mtab --make-rshared /

  # Hide or write-protect what systemd would change on the machine.
  mount --no-mtab -t tmpfs -o mode=755 run /run
  mkdir "/run/$name"
  mount --no-mtab --bind "$folder/run" "/run/$name"
  mount --no-mtab --bind /proc/sys /proc/sys
  mount --no-mtab -o remount,ro,bind /proc/sys
  umount --no-mtab --recursive /sys/fs/cgroup
  mount --no-mtab -t cgroup2 cgroup2 /sys/fs/cgroup
  make_devices

  mount --no-mtab --bind "$folder/lib" /var/lib
  mount --no-mtab -t tmpfs lib /usr/local/lib
  mkdir "/usr/local/lib/$name"
  mount --no-mtab --bind "$binaries" "/usr/local/lib/$name"

  mount --no-mtab -t tmpfs -o mode=700 root /root
  [[ ! -d /etc/containerd ]] || mount --no-mtab -t tmpfs etc /etc/containerd

  exec env --ignore-environment PATH="$PATH" container=test \
    SYSTEMD_UNIT_PATH="$folder/units" SYSTEMD_GENERATOR_PATH=/nonexistent \
    /lib/systemd/systemd --system --unit=basic.target --show-status=no
}

make_devices() {
  mount --no-mtab -t tmpfs -o mode=755 dev /dev
  mkdir /dev/pts /dev/shm
  mount --no-mtab -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts
  ln -s pts/ptmx /dev/ptmx
  local device number
  while read -r device number; do
    mknod -m 666 "/dev/$device" c 1 "$number"
  done <<<$'null 3\nzero 5\nfull 7\nrandom 8\nurandom 9'
  mknod -m 666 /dev/tty c 5 0
  mknod -m 666 /dev/fuse c 10 229
}

say_first_process() {
  local init=
  until [[ -n $init ]]; do
    read -r init <"/proc/$unshare_id/task/$unshare_id/children" || true
  done
  echo "$init"
}

# All processes are gone when their cgroups can be removed.
close() {
  kill -KILL "$unshare_id"
  wait "$unshare_id" 2>/dev/null || true
  for _ in {1..100}; do
    find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null && return
    sleep 0.1
  done
  exit 1
}

"${4:-open}"
