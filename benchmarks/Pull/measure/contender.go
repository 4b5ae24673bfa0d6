package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// contender is a snapshotter that is measured.
type contender struct {
	name        string
	snapshotter string                             // as containerd calls it
	differ      string                             // what unpacks layers for it in containerd
	program     func(root, socket string) []string // its daemon's command; nil if it is a part of containerd
}

var contenders = [...]contender{
	{name: "overlayfs", snapshotter: "overlayfs", differ: "walking"},
	{name: "erofs", snapshotter: "erofs", differ: "erofs"},
	{name: "SOCI, no index", snapshotter: "soci", differ: "walking", program: soci},
	{name: "lazy-snapshotter", snapshotter: "lazy", differ: "walking", program: lazy},
}

func soci(root, socket string) []string {
	return []string{filepath.Join(*programs, "soci-snapshotter-grpc"), "--address", socket, "--root", root}
}

// An empty folder of hosts: the registry is on loopback, where both sides speak plain HTTP.
func lazy(root, socket string) []string {
	return []string{*ours, socket, "--root", root, "--hosts-dir", root + ".hosts"}
}

// configuration is containerd's file, with this contender as the one to unpack for.
func (c contender) configuration(root, state, containerdSocket, socket string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `version = 3
root = %q
state = %q
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime",
  "io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.devmapper"]

[grpc]
  address = %q

[[plugins."io.containerd.transfer.v1.local".unpack_config]]
  platform = "linux"
  snapshotter = %q
  differ = %q
`, root, state, containerdSocket, c.snapshotter, c.differ)
	if c.program != nil {
		fmt.Fprintf(&b, `
[proxy_plugins.%s]
  type = "snapshot"
  address = %q
  [proxy_plugins.%[1]s.exports]
    root = %q
    enable_remote_snapshot_annotations = "true"
`, c.snapshotter, socket, filepath.Join(root, "snapshots"))
	}
	return b.String()
}
