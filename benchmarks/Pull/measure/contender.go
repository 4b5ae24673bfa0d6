package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// contender is a snapshotter that is measured.
type contender struct {
	name        string
	snapshotter string                                      // as containerd calls it
	differ      string                                      // what unpacks layers for it in containerd
	program     func(root, socket string) ([]string, error) // its daemon's command; nil if it is a part of containerd
	labels      bool                                        // whether it is told which image and layers are pulled
}

var contenders = [...]contender{
	{name: "overlayfs", snapshotter: "overlayfs", differ: "walking"},
	{name: "erofs", snapshotter: "erofs", differ: "erofs"},
	{name: "SOCI, no index", snapshotter: "soci", differ: "walking", program: soci},
	{name: "lazy-snapshotter", snapshotter: "lazy", differ: "walking", program: lazy, labels: true},
}

// SOCI is not told which image is pulled. It would look for an index of it, but this version speaks HTTPS only to a registry
// with a port, for ten seconds at each layer, and then lets containerd unpack as it does now.
func soci(root, socket string) ([]string, error) {
	return []string{filepath.Join(*programs, "soci-snapshotter-grpc"), "--address", socket, "--root", root}, nil
}

// An empty folder of hosts: the registry is on loopback, where both sides speak plain HTTP.
func lazy(root, socket string) ([]string, error) {
	hosts := root + ".hosts"
	return []string{*ours, socket, "--root", root, "--hosts-dir", hosts}, os.Mkdir(hosts, 0o700)
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
    enable_remote_snapshot_annotations = "%[4]t"
`, c.snapshotter, socket, filepath.Join(root, "snapshots"), c.labels)
	}
	return b.String()
}
