// pull pulls an image as CRI does: it unpacks each layer while the others are fetched, and tells the snapshotter about each
// layer in labels, so that the snapshotter can supply it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/containerd/containerd"
	"github.com/containerd/containerd/namespaces"
	"github.com/containerd/containerd/pkg/snapshotters"
	"github.com/containerd/containerd/remotes/docker"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: pull SOCKET NAMESPACE SNAPSHOTTER IMAGE")
		os.Exit(2)
	}
	if err := pull(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func pull(socket, namespace, snapshotter, image string) error {
	client, err := containerd.New(socket, containerd.WithDefaultNamespace(namespace))
	if err != nil {
		return err
	}
	defer client.Close()

	registry := docker.ConfigureDefaultRegistries(docker.WithPlainHTTP(docker.MatchLocalhost))
	_, err = client.Pull(
		namespaces.WithNamespace(context.Background(), namespace), image,
		containerd.WithResolver(docker.NewResolver(docker.ResolverOptions{Hosts: registry})),
		containerd.WithPullUnpack,
		containerd.WithPullSnapshotter(snapshotter),
		containerd.WithImageHandlerWrapper(snapshotters.AppendInfoHandlerWrapper(image)))
	return err
}
