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

// load is how a call is made: by so many clients, each with a connection of its own and so many calls at once on it.
type load struct {
	name    string
	request request
	clients int
	streams int
	calls   int
	infos   int  // of an answer that is a list, and 0 of others
	timed   bool // whether the time of each call is of interest
}

var finished = regexp.MustCompile(`(?m)^finished in .*, ([0-9.]+) req/s`)

// drive makes calls, and returns how many were answered a second.
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
		os.Remove(timesFile(s)) // It would be added to.
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

// times are those of the calls of the last drive, in microseconds.
func times(s *server) ([]float64, error) {
	text, err := os.ReadFile(timesFile(s))
	if err != nil {
		return nil, err
	}
	var times []float64
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		columns := strings.Split(line, "\t") // when it began, the HTTP status, how long it took
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
