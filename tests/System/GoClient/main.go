// go-client calls a snapshotter as containerd does, through containerd's own proxy client, and prints how containerd
// understands the answer: "ok", or the kind of error and the rest of its message.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	snapshotsapi "github.com/containerd/containerd/api/services/snapshots/v1"
	"github.com/containerd/containerd/errdefs"
	"github.com/containerd/containerd/namespaces"
	"github.com/containerd/containerd/snapshots"
	"github.com/containerd/containerd/snapshots/proxy"
	"google.golang.org/grpc"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: go-client SOCKET CALL KEY")
		os.Exit(2)
	}

	connection, err := grpc.Dial("unix://"+os.Args[1], grpc.WithInsecure())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer connection.Close()

	ctx, cancel := context.WithTimeout(namespaces.WithNamespace(context.Background(), "go"), 30*time.Second)
	defer cancel()

	snapshotter := proxy.NewSnapshotter(snapshotsapi.NewSnapshotsClient(connection), "go")
	fmt.Println(describe(call(ctx, snapshotter, os.Args[2], os.Args[3])))
}

func call(ctx context.Context, snapshotter snapshots.Snapshotter, name, key string) (err error) {
	switch name {
	case "stat":
		_, err = snapshotter.Stat(ctx, key)
	case "prepare":
		_, err = snapshotter.Prepare(ctx, key, "")
	case "commit":
		err = snapshotter.Commit(ctx, key, key)
	case "remove":
		err = snapshotter.Remove(ctx, key)
	default:
		err = fmt.Errorf("go-client knows no call %q", name)
	}
	return err
}

func describe(err error) string {
	kinds := []struct {
		name string
		is   func(error) bool
	}{
		{"AlreadyExists", errdefs.IsAlreadyExists},
		{"NotFound", errdefs.IsNotFound},
		{"InvalidArgument", errdefs.IsInvalidArgument},
		{"FailedPrecondition", errdefs.IsFailedPrecondition},
		{"Unavailable", errdefs.IsUnavailable},
		{"NotImplemented", errdefs.IsNotImplemented},
	}

	if err == nil {
		return "ok"
	}
	for _, kind := range kinds {
		if kind.is(err) {
			return kind.name + ": " + err.Error()
		}
	}
	return "Unknown: " + err.Error()
}
