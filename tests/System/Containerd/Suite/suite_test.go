// Runs containerd's own tests of snapshotters against a published binary, through its socket. Each test has a server and a
// root of its own. The binary's path is in the variable SNAPSHOTTER, its further arguments in ARGUMENTS, separated by spaces,
// and the name that the tests know it by in NAME.
package suite

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	snapshotsapi "github.com/containerd/containerd/api/services/snapshots/v1"
	"github.com/containerd/containerd/snapshots"
	"github.com/containerd/containerd/snapshots/proxy"
	"github.com/containerd/containerd/snapshots/testsuite"
	"google.golang.org/grpc"
)

const limit = 30 * time.Second

// With the name "overlayfs" the suite skips what overlay snapshotters cannot do.
func TestSuite(t *testing.T) {
	testsuite.SnapshotterSuite(t, os.Getenv("NAME"), start)
}

func start(ctx context.Context, root string) (snapshots.Snapshotter, func() error, error) {
	socket := filepath.Join(filepath.Dir(root), "s")
	arguments := append([]string{socket, "--root", root}, strings.Fields(os.Getenv("ARGUMENTS"))...)
	server := exec.Command(os.Getenv("SNAPSHOTTER"), arguments...)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		return nil, nil, err
	}

	stop := func() error {
		if err := server.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		return server.Wait()
	}

	connection, err := dial(ctx, socket)
	if err != nil {
		server.Process.Kill()
		server.Wait()
		return nil, nil, err
	}

	snapshotter := proxy.NewSnapshotter(snapshotsapi.NewSnapshotsClient(connection), "overlay")
	return snapshotter, func() error {
		connection.Close()
		return stop()
	}, nil
}

// The server makes its socket when it is ready to answer.
func dial(ctx context.Context, socket string) (*grpc.ClientConn, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	open := func(ctx context.Context, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}

	connection, err := grpc.DialContext(ctx, "localhost", grpc.WithInsecure(), grpc.WithBlock(), grpc.WithContextDialer(open))
	if err != nil {
		return nil, fmt.Errorf("%s does not answer: %w", socket, err)
	}
	return connection, nil
}
