package main

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"time"

	"github.com/containerd/containerd/snapshots"
)

// cycles is the result of one turn of one server.
type cycles struct {
	perSecond       float64
	withCleanup     float64       // the same, with the time of the cleanup
	median, highest time.Duration // the 50th and the 99th percentile of a cycle's time
	processor       time.Duration // the server's, for a cycle
}

// runCycles lets callers make cycles for a while, and then calls Cleanup: one server removes directories while it runs,
// the other one leaves all of them to the cleanup.
func runCycles(ctx context.Context, s *server, turn string, callers int, length time.Duration) (cycles, error) {
	before, err := s.processorTime()
	if err != nil {
		return cycles{}, err
	}

	begin := time.Now()
	times, err := callAll(ctx, s, turn, callers, begin.Add(length))
	if err != nil {
		return cycles{}, err
	}
	calls := time.Since(begin)
	if err := s.cleanup(ctx); err != nil {
		return cycles{}, err
	}
	all := time.Since(begin)

	after, err := s.processorTime()
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	return cycles{
		perSecond:   float64(len(times)) / calls.Seconds(),
		withCleanup: float64(len(times)) / all.Seconds(),
		median:      times[len(times)/2],
		highest:     times[len(times)*99/100],
		processor:   (after - before) / time.Duration(len(times)),
	}, err
}

func callAll(ctx context.Context, s *server, turn string, callers int, end time.Time) ([]time.Duration, error) {
	var (
		all   []time.Duration
		first error
		lock  sync.Mutex
		group sync.WaitGroup
	)
	for caller := 0; caller < callers; caller++ {
		group.Add(1)
		go func(name string) {
			defer group.Done()
			times, err := callOne(ctx, s, name, end)
			lock.Lock()
			defer lock.Unlock()
			all = append(all, times...)
			if err != nil {
				first = err
			}
		}(fmt.Sprintf("%s/%d", turn, caller))
	}
	group.Wait()
	return all, first
}

func callOne(ctx context.Context, s *server, caller string, end time.Time) (times []time.Duration, err error) {
	for i := 0; len(times) == 0 || time.Now().Before(end); i++ {
		begin := time.Now()
		if err := cycle(ctx, s, fmt.Sprintf("%s/%d", caller, i)); err != nil {
			return nil, err
		}
		times = append(times, time.Since(begin))
	}
	return times, nil
}

// cycle makes the snapshotter's calls of unpacking a layer and running a container on it.
func cycle(ctx context.Context, s *server, name string) error {
	layer, extraction, container := layerName(name), "default/1/extract-"+name, "default/2/container-"+name
	labels := snapshots.WithLabels(map[string]string{refLabel: digest(name)})

	if _, err := s.Prepare(ctx, extraction, "", labels); err != nil {
		return err
	}
	if err := s.Commit(ctx, layer, extraction, labels); err != nil {
		return err
	}
	if _, err := s.Prepare(ctx, container, layer); err != nil {
		return err
	}
	if err := s.Remove(ctx, container); err != nil {
		return err
	}
	return s.Remove(ctx, layer)
}
