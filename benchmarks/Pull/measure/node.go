package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	commandLimit = 10 * time.Minute
	stopLimit    = 30 * time.Second
	state        = "/run/pull" // The path of a Unix socket has at most 107 bytes.
	hello        = "hello\n"   // what the image prints
)

var containerdSocket = filepath.Join(state, "containerd.sock")

// node is a containerd with one contender, on a disk of their own. All its processes are in one cgroup.
type node struct {
	contender contender
	disk      *disk
	group     cgroup
	daemons   []*daemon // containerd last
}

func startNode(c contender, d *disk) (n *node, err error) {
	n = &node{contender: c, disk: d}
	if n.group, err = newCgroup("turn"); err != nil {
		return n, err
	}
	socket := filepath.Join(state, "snapshotter.sock")
	root := filepath.Join(d.path, "snapshotter")
	for _, path := range []string{state, root} {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return n, err
		}
	}
	if c.program != nil {
		command, err := c.program(root, socket)
		if err != nil {
			return n, err
		}
		if err := n.start(c.snapshotter, socket, command); err != nil {
			return n, err
		}
	}

	file := filepath.Join(d.path, "containerd.toml")
	text := c.configuration(filepath.Join(d.path, "containerd"), filepath.Join(state, "containerd"), containerdSocket, socket)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return n, err
	}
	return n, n.start("containerd", containerdSocket, []string{filepath.Join(*programs, "containerd"), "--config", file})
}

// command is a command in the node's cgroup that finds the newer programs first.
func (n *node) command(ctx context.Context, command ...string) *exec.Cmd {
	process := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", `echo 0 >"$0" && exec "$@"`, n.group.processes()}, command...)...)
	process.Env = append(os.Environ(),
		"PATH="+*programs+":"+os.Getenv("PATH"), "CONTAINERD_ADDRESS="+containerdSocket)
	return process
}

func (n *node) ctr(ctx context.Context, arguments ...string) *exec.Cmd {
	return n.command(ctx, append([]string{filepath.Join(*programs, "ctr")}, arguments...)...)
}

func (n *node) pull(ctx context.Context, image string) error {
	process := n.ctr(ctx, "images", "pull", "--plain-http", "--snapshotter", n.contender.snapshotter, image)
	process.Stderr = os.Stderr
	if err := process.Run(); err != nil {
		return fmt.Errorf("the pull failed: %w", err)
	}
	return nil
}

// run runs the image, and returns when it printed its line.
func (n *node) run(ctx context.Context, image string) (printed time.Time, err error) {
	process := n.ctr(ctx, "run", "--rm", "--snapshotter", n.contender.snapshotter, "--cgroup", n.group.container(), image, "hello")
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	if err != nil {
		return printed, err
	}
	if err := process.Start(); err != nil {
		return printed, err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	printed = time.Now()
	if failed := process.Wait(); failed != nil {
		return printed, fmt.Errorf("the container failed: %w", failed)
	}
	if line != hello {
		return printed, errors.New("the container printed something else")
	}
	return printed, err
}

// stop ends all processes of the node.
func (n *node) stop() {
	for i := len(n.daemons) - 1; i >= 0; i-- {
		d := n.daemons[i]
		d.Process.Signal(syscall.SIGTERM)
		select {
		case <-d.exited:
		case <-time.After(stopLimit):
		}
	}
	n.group.remove()
}
