package main

import (
	"context"
	"fmt"
	"time"

	"github.com/containerd/containerd/errdefs"
	"github.com/containerd/containerd/mount"
	"github.com/containerd/containerd/snapshots"
)

const takenKey = "exists"

var created = time.Unix(1700000000, 500).UTC()

var labels = map[string]string{"containerd.io/snapshot/a": "b", "containerd.io/gc.root": "x"}

var overlay = []mount.Mount{{
	Type:   "overlay",
	Source: "overlay",
	Options: []string{
		"index=off",
		"workdir=/var/lib/x/snapshots/12/work",
		"upperdir=/var/lib/x/snapshots/12/fs",
		"lowerdir=/var/lib/x/snapshots/11/fs:/var/lib/x/snapshots/10/fs",
	},
}}

// canned has the answers of CannedSnapshotter. The benchmark never makes the other calls.
type canned struct {
	snapshots.Snapshotter
	infos []snapshots.Info
}

func newCanned(count int) *canned {
	infos := make([]snapshots.Info, count)
	parent := ""
	for i := range infos {
		infos[i] = committed(fmt.Sprintf("sha256:%064d", i), parent)
		parent = infos[i].Name
	}
	return &canned{infos: infos}
}

func committed(name, parent string) snapshots.Info {
	return snapshots.Info{
		Name:    name,
		Parent:  parent,
		Kind:    snapshots.KindCommitted,
		Created: created,
		Updated: created.Add(time.Second),
		Labels:  labels,
	}
}

func (c *canned) Stat(_ context.Context, key string) (snapshots.Info, error) {
	return committed(key, "p"), nil
}

func (c *canned) Prepare(_ context.Context, key, _ string, options ...snapshots.Opt) ([]mount.Mount, error) {
	if err := apply(options); err != nil {
		return nil, err
	}
	if key == takenKey {
		return nil, fmt.Errorf("snapshot %q: %w", key, errdefs.ErrAlreadyExists)
	}
	return overlay, nil
}

func (c *canned) View(_ context.Context, _, _ string, options ...snapshots.Opt) ([]mount.Mount, error) {
	return overlay, apply(options)
}

func (c *canned) Mounts(context.Context, string) ([]mount.Mount, error) { return overlay, nil }

func (c *canned) Usage(context.Context, string) (snapshots.Usage, error) {
	return snapshots.Usage{Size: 4096, Inodes: 10}, nil
}

func (c *canned) Walk(ctx context.Context, call snapshots.WalkFunc, _ ...string) error {
	for _, info := range c.infos {
		if err := call(ctx, info); err != nil {
			return err
		}
	}
	return nil
}

// apply reads the labels of a request, as every snapshotter does; the method of a C# class gets them as an argument.
func apply(options []snapshots.Opt) error {
	var info snapshots.Info
	for _, option := range options {
		if err := option(&info); err != nil {
			return err
		}
	}
	return nil
}
