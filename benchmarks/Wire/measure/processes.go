package main

import (
	"context"
	"os"
	"time"
)

const (
	loadedCalls = 300000
	settleTime  = time.Second
	restTime    = 30 * time.Second
)

// measureProcesses prints a server's costs apart from its calls. The server has no infos then, which would use memory.
func measureProcesses(ctx context.Context, all servers) error {
	var memory [serverCount][]residents
	for turn := 0; turn < *rests; turn++ {
		results, err := measureMemory(ctx, all)
		if err != nil {
			return err
		}
		for i, result := range results {
			memory[i] = append(memory[i], result)
		}
	}
	all.stop()

	times, err := measureStarts(ctx, all)
	if err != nil {
		return err
	}
	sizes, err := measureSizes(all)
	if err != nil {
		return err
	}

	printHeader("process")
	printRow("memory", "resident when idle, MB", "%.1f", medians(memory, func(r residents) float64 { return r.idle }))
	printRow("memory", "after 300,000 calls, MB", "%.1f", medians(memory, func(r residents) float64 { return r.loaded }))
	printRow("memory", "30 seconds later, MB", "%.1f", medians(memory, func(r residents) float64 { return r.rested }))
	printRow("start", "until the first call is answered, ms", "%.1f", medians(times, milliseconds))
	printRow("program", "its file, MB", "%.1f", sizes)
	return nil
}

// residents are figures of a server's resident memory, in megabytes.
type residents struct {
	idle, loaded, rested float64
}

func measureMemory(ctx context.Context, all servers) (results [serverCount]residents, err error) {
	if err := all.start(ctx, 0); err != nil {
		return results, err
	}
	time.Sleep(settleTime)
	for i, s := range all {
		if results[i].idle, err = s.resident(); err != nil {
			return results, err
		}
	}

	var ends [serverCount]time.Time
	calls := load{request: prepare, clients: 4, streams: 16}
	for i, s := range all {
		if _, err := calls.drive(ctx, s, loadedCalls); err != nil {
			return results, err
		}
		if results[i].loaded, err = s.resident(); err != nil {
			return results, err
		}
		ends[i] = time.Now()
	}

	for i, s := range all {
		time.Sleep(time.Until(ends[i].Add(restTime)))
		if results[i].rested, err = s.resident(); err != nil {
			return results, err
		}
	}
	return results, nil
}

func measureStarts(ctx context.Context, all servers) (times [serverCount][]time.Duration, err error) {
	for turn := 0; turn < *starts; turn++ {
		for i, s := range all {
			if err := s.start(ctx, 0); err != nil {
				return times, err
			}
			times[i] = append(times[i], s.startTime)
			s.stop()
		}
	}
	return times, nil
}

func measureSizes(all servers) (sizes [serverCount]float64, err error) {
	for i, s := range all {
		file, err := os.Stat(s.program)
		if err != nil {
			return sizes, err
		}
		sizes[i] = float64(file.Size()) / 1e6
	}
	return sizes, nil
}
