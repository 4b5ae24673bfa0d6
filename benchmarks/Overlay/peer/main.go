// peer serves containerd's own overlay snapshotter as a proxy plugin, to compare our overlay-snapshotter with.
package main

import (
	"fmt"
	"net"
	"os"

	snapshotsapi "github.com/containerd/containerd/api/services/snapshots/v1"
	"github.com/containerd/containerd/contrib/snapshotservice"
	"github.com/containerd/containerd/snapshots/overlay"
	"google.golang.org/grpc"
)

func main() {
	if len(os.Args) != 4 || os.Args[2] != "--root" {
		fmt.Fprintln(os.Stderr, "usage: peer SOCKET --root FOLDER")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// As containerd runs it: removed snapshots stay on disk until the next cleanup.
func serve(socket, root string) error {
	snapshotter, err := overlay.NewSnapshotter(root, overlay.AsynchronousRemove)
	if err != nil {
		return err
	}

	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}

	server := grpc.NewServer()
	snapshotsapi.RegisterSnapshotsServer(server, snapshotservice.FromSnapshotter(snapshotter))
	return server.Serve(listener)
}
