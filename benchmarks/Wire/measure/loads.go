package main

import (
	"context"
	"fmt"
	"sort"
	"time"
)

// listed is the number of infos in a list.
const listed = 10000

// Enough calls to know the processor time, in hundredths of a second, to one percent.
var loads = []load{
	{name: "Stat, 1 x 1", request: stat, clients: 1, streams: 1, calls: 25000, timed: true},
	{name: "Stat, 1 x 32", request: stat, clients: 1, streams: 32, calls: 100000},
	{name: "Prepare, 4 x 16", request: prepare, clients: 4, streams: 16, calls: 100000},
	{name: "AlreadyExists, 4 x 16", request: prepareTaken, clients: 4, streams: 16, calls: 100000},
	{name: "List, 1 x 1", request: list, clients: 1, streams: 1, calls: 100, infos: listed},
}

// figures are the result of one turn of one server: for a call, or for an info if the answer is a list.
type figures struct {
	perSecond             float64
	processor             float64 // microseconds
	switches              float64
	allocated             float64 // bytes
	mean, median, highest float64 // microseconds; highest is the 99th percentile
}

// measureLoads prints a table. Each turn has three new processes, which run each load one after the other; a
// waiting process is idle.
func measureLoads(ctx context.Context, all servers) error {
	results := make([][serverCount][]figures, len(loads))
	for turn := 0; turn < *turns; turn++ {
		if err := all.start(ctx, listed); err != nil {
			return err
		}
		for i, l := range loads {
			for j, s := range all {
				result, err := measureLoad(ctx, s, l)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", s.name, l.name, err)
				}
				results[i][j] = append(results[i][j], result)
			}
		}
	}
	all.stop()

	printHeader("load")
	for i, l := range loads {
		printLoad(l, results[i])
	}
	return nil
}

func measureLoad(ctx context.Context, s *server, l load) (figures, error) {
	calls := int(float64(l.calls) * *share)
	if _, err := l.drive(ctx, s, calls/5+1); err != nil { // A warm-up.
		return figures{}, err
	}

	before, err := read(s)
	if err != nil {
		return figures{}, err
	}
	perSecond, err := l.drive(ctx, s, calls)
	if err != nil {
		return figures{}, err
	}
	after, err := read(s)
	if err != nil {
		return figures{}, err
	}

	units := 1
	if l.infos > 0 {
		units = l.infos
	}
	all := float64(calls * units)
	result := figures{
		perSecond: perSecond * float64(units),
		processor: float64(after.processor-before.processor) / float64(time.Microsecond) / all,
		switches:  (after.switches - before.switches) / all,
		allocated: (after.allocated - before.allocated) / all,
	}
	if l.timed {
		err = result.addTimes(s)
	}
	return result, err
}

// reading is a server's use of resources since its start.
type reading struct {
	processor time.Duration
	switches  float64
	allocated float64
}

func read(s *server) (r reading, err error) {
	if r.allocated, err = s.allocated(); err != nil {
		return r, err
	}
	if r.switches, err = s.switches(); err != nil {
		return r, err
	}
	r.processor, err = s.processorTime()
	return r, err
}

func (f *figures) addTimes(s *server) error {
	all, err := times(s)
	if err != nil {
		return err
	}
	sort.Float64s(all)
	for _, took := range all {
		f.mean += took / float64(len(all))
	}
	f.median, f.highest = all[len(all)/2], all[len(all)*99/100]
	return nil
}
