// compare runs two overlay snapshotters in turns under the same load, and prints their figures and ratios.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/containerd/containerd/namespaces"
)

var (
	ours   = flag.String("ours", "", "the program overlay-snapshotter")
	peer   = flag.String("peer", "", "the program that serves containerd's overlay snapshotter")
	folder = flag.String("folder", "", "the folder for the snapshots of both")
	turns  = flag.Int("turns", 5, "the number of turns of each server; the median is printed")
	length = flag.Duration("length", 2*time.Second, "the length of a turn with cycles")
	most   = flag.Int("most", 100000, "the highest number of snapshots")
	limit  = flag.Duration("limit", 10*time.Minute, "when to give up")
)

func main() {
	flag.Parse()
	ctx, cancel := context.WithTimeout(namespaces.WithNamespace(context.Background(), "default"), *limit)
	defer cancel()

	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if err := compareCycles(ctx); err != nil {
		return err
	}
	return compareSizes(ctx)
}

// pair is the two compared servers, ours first.
type pair [2]*server

// newPair makes a folder for each server, and starts both.
func newPair(ctx context.Context, suffix string) (pair, error) {
	p := pair{
		{name: "ours", program: *ours, root: filepath.Join(*folder, "ours"+suffix)},
		{name: "Go's", program: *peer, root: filepath.Join(*folder, "peer"+suffix)},
	}
	for _, s := range p {
		if err := os.Mkdir(s.root, 0o700); err != nil {
			return p, err
		}
	}
	return p, p.start(ctx)
}

// start starts both, or restarts them if they run.
func (p pair) start(ctx context.Context) error {
	for _, s := range p {
		s.stop()
		if err := s.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p pair) stop() {
	for _, s := range p {
		s.stop()
	}
}

func compareCycles(ctx context.Context) error {
	p, err := newPair(ctx, "")
	defer p.stop()
	if err != nil {
		return err
	}

	printCyclesHeader()
	for _, callers := range []int{1, 8, 32} {
		var results [2][]cycles
		for turn := 0; turn < *turns; turn++ {
			for i, s := range p {
				result, err := runCycles(ctx, s, fmt.Sprintf("%d/%d", callers, turn), callers, *length)
				if err != nil {
					return fmt.Errorf("%s: %w", s.name, err)
				}
				results[i] = append(results[i], result)
			}
		}
		printCycles(callers, results)
	}
	return nil
}

// size is a pair with a number of snapshots, and the times of its reads.
type size struct {
	count int
	pair  pair
	times map[string]*[2][]time.Duration
}

// compareSizes runs the pairs of all sizes in turns, so that other load on the machine affects all of them.
func compareSizes(ctx context.Context) error {
	var sizes []size
	for count := 10; count <= *most; count *= 100 {
		p, err := newPair(ctx, fmt.Sprintf("-%d", count))
		defer p.stop()
		if err != nil {
			return err
		}
		if err := p.fill(ctx, count/snapshotsOfImage); err != nil {
			return err
		}
		sizes = append(sizes, size{count, p, map[string]*[2][]time.Duration{}})
	}

	syscall.Sync() // The kernel's pending writes would take processor time from the measurement.

	// Restarted, so that its memory is that of a server that has the snapshots, not of one that has made them.
	for _, s := range sizes {
		if err := s.pair.start(ctx); err != nil {
			return err
		}
	}
	for _, r := range reads {
		if err := compareRead(ctx, r, sizes); err != nil {
			return err
		}
	}

	printSizesHeader()
	for _, s := range sizes {
		if err := printSize(s); err != nil {
			return err
		}
	}
	return nil
}

// fill fills both at the same time: one waits more for the disk, the other one uses more processor time.
func (p pair) fill(ctx context.Context, images int) error {
	results := make(chan error, len(p))
	for _, s := range p {
		go func(s *server) { results <- fill(ctx, s, images) }(s)
	}
	for range p {
		if err := <-results; err != nil {
			return err
		}
	}
	return nil
}

func compareRead(ctx context.Context, r read, sizes []size) error {
	for turn := 0; turn < *turns; turn++ {
		for _, s := range sizes {
			if turn == 0 {
				s.times[r.name] = &[2][]time.Duration{}
			}
			for i, server := range s.pair {
				result, err := timeOf(ctx, server, r, s.count/snapshotsOfImage, *length/4)
				if err != nil {
					return err
				}
				s.times[r.name][i] = append(s.times[r.name][i], result)
			}
		}
	}
	return nil
}
