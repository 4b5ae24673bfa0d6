package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Linux counts processor time in hundredths of a second on every processor.
const tick = 10 * time.Millisecond

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

// switches returns the number of context switches of the server's threads, voluntary or not, without those of threads that
// have ended.
func (s *server) switches() (float64, error) {
	tasks, err := filepath.Glob(s.file("task/*/status"))
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, task := range tasks {
		values, err := statusOf(task)
		if errors.Is(err, fs.ErrNotExist) {
			continue // The thread has just ended.
		}
		if err != nil {
			return 0, err
		}
		sum += values["voluntary_ctxt_switches"] + values["nonvoluntary_ctxt_switches"]
	}
	return sum, nil
}

// resident returns the server's resident memory in megabytes, including what is mapped from its file.
func (s *server) resident() (float64, error) {
	values, err := statusOf(s.file("status"))
	return values["VmRSS"] * 1024 / 1e6, err
}

func (s *server) file(name string) string {
	return filepath.Join("/proc", strconv.Itoa(s.process.Process.Pid), name)
}

// statusOf returns the numbers in a status file, by name and without their unit.
func statusOf(path string) (map[string]float64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	values := map[string]float64{}
	for _, line := range strings.Split(string(text), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		if value, err := strconv.ParseFloat(fields[1], 64); err == nil {
			values[strings.TrimSuffix(fields[0], ":")] = value
		}
	}
	if len(values) == 0 {
		return nil, fmt.Errorf("%s has no numbers", path)
	}
	return values, nil
}
