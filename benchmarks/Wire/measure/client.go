package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// load is a way to make a call: the number of clients, each with its own connection, and of concurrent calls on each.
type load struct {
	name    string
	request request
	clients int
	streams int
	calls   int
	infos   int  // in an answer that is a list; 0 otherwise
	timed   bool // whether to measure the time of each call
}

var finished = regexp.MustCompile(`(?m)^finished in .*, ([0-9.]+) req/s`)

// drive makes calls, and returns the number of answers per second.
func (l load) drive(ctx context.Context, s *server, calls int) (perSecond float64, err error) {
	body := s.socket + ".body"
	if err := os.WriteFile(body, l.request.frame(), 0o600); err != nil {
		return 0, err
	}
	arguments := []string{
		"-B", "unix:" + s.socket, "-c", strconv.Itoa(l.clients), "-m", strconv.Itoa(l.streams), "-t", "1",
		"-n", strconv.Itoa(calls), "-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers",
	}
	if l.timed {
		os.Remove(timesFile(s)) // h2load would append to it.
		arguments = append(arguments, "--log-file", timesFile(s))
	}
	text, err := exec.CommandContext(ctx, "h2load", append(arguments, "http://localhost"+service+l.request.method)...).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("h2load: %w: %s", err, text)
	}

	rate := finished.FindSubmatch(text)
	if rate == nil || !strings.Contains(string(text), fmt.Sprintf(" %d succeeded, 0 failed,", calls)) {
		return 0, fmt.Errorf("h2load did not get %d answers: %s", calls, text)
	}
	return strconv.ParseFloat(string(rate[1]), 64)
}

func timesFile(s *server) string { return s.socket + ".times" }

// times returns the times of the last drive's calls, in microseconds.
func times(s *server) ([]float64, error) {
	text, err := os.ReadFile(timesFile(s))
	if err != nil {
		return nil, err
	}
	var times []float64
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		columns := strings.Split(line, "\t") // start time, HTTP status, duration
		if len(columns) < 3 {
			return nil, fmt.Errorf("h2load's log has the line %q", line)
		}
		took, err := strconv.ParseFloat(columns[2], 64)
		if err != nil {
			return nil, err
		}
		times = append(times, took)
	}
	return times, nil
}
