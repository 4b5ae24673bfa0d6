package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const startLimit = time.Minute

// daemon is a running program of a node.
type daemon struct {
	*exec.Cmd
	exited chan struct{}
}

// start starts a daemon, and waits for its socket.
func (n *node) start(name, socket string, command []string) error {
	log, err := os.OpenFile(filepath.Join(*folder, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	d := &daemon{n.command(context.Background(), command...), make(chan struct{})}
	d.Stdout, d.Stderr = log, log
	if err := d.Start(); err != nil {
		return err
	}
	n.daemons = append(n.daemons, d)
	go func() {
		d.Wait()
		close(d.exited)
	}()

	for limit := time.Now().Add(startLimit); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		if connection, err := net.Dial("unix", socket); err == nil {
			return connection.Close()
		}
		select {
		case <-d.exited:
			return fmt.Errorf("%s has ended", name)
		default:
		}
	}
	return fmt.Errorf("%s does not answer", name)
}
