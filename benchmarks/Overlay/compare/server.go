package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	snapshotsapi "github.com/containerd/containerd/api/services/snapshots/v1"
	"github.com/containerd/containerd/errdefs"
	"github.com/containerd/containerd/snapshots"
	"github.com/containerd/containerd/snapshots/proxy"
	"google.golang.org/grpc"
)

const (
	startLimit = 60 * time.Second
	stopLimit  = 30 * time.Second
)

// Linux counts processor time in hundredths of a second on every processor.
const tick = 10 * time.Millisecond

// server is one of the two compared servers, with containerd's own client: one connection for all callers, as in
// containerd.
type server struct {
	snapshots.Snapshotter
	name       string
	program    string
	root       string
	process    *exec.Cmd
	connection *grpc.ClientConn
	startTime  time.Duration
}

// start starts the server on its root, and waits until it answers.
func (s *server) start(ctx context.Context) error {
	socket := s.root + ".sock"
	os.Remove(socket)

	begin := time.Now()
	process := exec.Command(s.program, socket, "--root", s.root)
	log, err := os.OpenFile(s.root+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	process.Stderr = log
	if err := process.Start(); err != nil {
		return err
	}
	s.process = process
	if err := s.connect(ctx, socket); err != nil {
		s.stop()
		return fmt.Errorf("%s does not answer: %w", s.name, err)
	}
	s.startTime = time.Since(begin)

	// After a cleanup, the server's background work of the start is done.
	return s.cleanup(ctx)
}

func (s *server) connect(ctx context.Context, socket string) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for ; ctx.Err() == nil; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(socket); err == nil {
			break
		}
	}

	open := func(ctx context.Context, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	connection, err := grpc.DialContext(ctx, "localhost", grpc.WithInsecure(), grpc.WithBlock(), grpc.WithContextDialer(open))
	if err != nil {
		return err
	}
	s.connection = connection
	s.Snapshotter = proxy.NewSnapshotter(snapshotsapi.NewSnapshotsClient(connection), "overlay")
	return nil
}

// Go's server fails a cleanup if it has never had a snapshot.
func (s *server) cleanup(ctx context.Context) error {
	err := s.Snapshotter.(snapshots.Cleaner).Cleanup(ctx)
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

func (s *server) stop() {
	if s.process == nil {
		return
	}
	if s.connection != nil {
		s.connection.Close()
	}
	s.process.Process.Signal(syscall.SIGTERM)
	force := time.AfterFunc(stopLimit, func() { s.process.Process.Kill() })
	s.process.Wait()
	force.Stop()
	s.process, s.connection = nil, nil
}

// processorTime returns the server's processor time since its start.
func (s *server) processorTime() (time.Duration, error) {
	text, err := os.ReadFile(s.file("stat"))
	if err != nil {
		return 0, err
	}
	// The second field, the name, is in parentheses; utime and stime are the 14th and the 15th.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick, err
}

// memory returns the server's resident memory, and the part that is not mapped from files, in megabytes.
func (s *server) memory() (resident, own float64, err error) {
	file, err := os.Open(s.file("status"))
	if err != nil {
		return 0, 0, err
	}
	defer file.Close()

	values := map[string]float64{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) == 3 && fields[2] == "kB" {
			kilobytes, err := strconv.Atoi(fields[1])
			if err != nil {
				return 0, 0, err
			}
			values[fields[0]] = float64(kilobytes) * 1024 / 1e6
		}
	}
	return values["VmRSS:"], values["RssAnon:"], nil
}

func (s *server) file(name string) string {
	return filepath.Join("/proc", strconv.Itoa(s.process.Process.Pid), name)
}
