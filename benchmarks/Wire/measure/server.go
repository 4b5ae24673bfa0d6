package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	startLimit = 60 * time.Second
	stopLimit  = 30 * time.Second
)

// server is one of the compared servers, as a process.
type server struct {
	name      string
	program   string
	socket    string
	process   *exec.Cmd
	output    *bufio.Reader
	startTime time.Duration // until the first call was answered
}

const serverCount = 3

// servers are ours, the floor and Go's, in this order.
type servers [serverCount]*server

func (all servers) start(ctx context.Context, infos int) error {
	for _, s := range all {
		if err := s.start(ctx, infos); err != nil {
			return err
		}
	}
	return nil
}

func (all servers) stop() {
	for _, s := range all {
		s.stop()
	}
}

// start starts the server, or restarts it if it runs, and waits until it has answered a call.
func (s *server) start(ctx context.Context, infos int) error {
	s.stop()
	os.Remove(s.socket)

	log, err := os.OpenFile(s.socket+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	process := exec.CommandContext(ctx, s.program, s.socket, strconv.Itoa(infos))
	process.Stderr = log
	output, err := process.StdoutPipe()
	if err != nil {
		return err
	}

	begin := time.Now()
	if err := process.Start(); err != nil {
		return err
	}
	s.process, s.output = process, bufio.NewReader(output)
	if err := callFirst(s.socket, begin.Add(startLimit)); err != nil {
		return fmt.Errorf("%s does not answer: %w", s.name, err)
	}
	s.startTime = time.Since(begin)
	return nil
}

func (s *server) stop() {
	if s.process == nil {
		return
	}
	s.process.Process.Signal(syscall.SIGTERM)
	force := time.AfterFunc(stopLimit, func() { s.process.Process.Kill() })
	s.process.Wait()
	force.Stop()
	s.process = nil
}

// allocated returns the bytes that the server has allocated since its start, which the server reports on request.
func (s *server) allocated() (float64, error) {
	if err := s.process.Process.Signal(syscall.SIGUSR1); err != nil {
		return 0, err
	}
	line, err := s.output.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("%s does not report its allocations: %w", s.name, err)
	}
	return strconv.ParseFloat(strings.TrimSpace(line), 64)
}
