// peer serves canned answers through containerd's own Go service, to compare our canned-snapshotter with.
package main

import (
	"fmt"
	"net"
	"os"
	"strconv"

	snapshotsapi "github.com/containerd/containerd/api/services/snapshots/v1"
	"github.com/containerd/containerd/contrib/snapshotservice"
	"google.golang.org/grpc"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: peer SOCKET COUNT")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(socket, count string) error {
	infos, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	go reportAllocations()

	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}

	server := grpc.NewServer()
	snapshotsapi.RegisterSnapshotsServer(server, snapshotservice.FromSnapshotter(newCanned(infos)))
	return server.Serve(listener)
}
