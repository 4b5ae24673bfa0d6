// compare has two overlay snapshotters take turns under the same load, and prints what each does and their ratios.
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
	folder = flag.String("folder", "", "where both keep their snapshots")
	turns  = flag.Int("turns", 5, "how many turns each server has; the median counts")
	length = flag.Duration("length", 2*time.Second, "how long a turn with cycles is")
	most   = flag.Int("most", 100000, "the highest number of snapshots that are there")
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
	pair := [2]*server{
		{name: "ours", program: *ours, root: filepath.Join(*folder, "ours")},
		{name: "Go's", program: *peer, root: filepath.Join(*folder, "peer")},
	}
	for _, s := range pair {
		if err := os.Mkdir(s.root, 0o700); err != nil {
			return err
		}
		defer s.stop()
	}
	if err := compareCycles(ctx, pair); err != nil {
		return err
	}
	return compareSizes(ctx, pair)
}

func compareCycles(ctx context.Context, pair [2]*server) error {
	if err := startAll(ctx, pair); err != nil {
		return err
	}

	printCyclesHeader()
	for _, callers := range []int{1, 8, 32} {
		var results [2][]cycles
		for turn := 0; turn < *turns; turn++ {
			for i, s := range pair {
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

func compareSizes(ctx context.Context, pair [2]*server) error {
	printSizesHeader()
	images := 0
	for count := 10; count <= *most; count *= 100 {
		if err := fillBoth(ctx, pair, images, count/snapshotsOfImage); err != nil {
			return err
		}

		syscall.Sync() // What the kernel still has to write would take the processor from what is measured.

		// Started again, so that its memory is that of a server with so many snapshots, not of one that has made them.
		images = count / snapshotsOfImage
		if err := startAll(ctx, pair); err != nil {
			return err
		}
		if err := compareReads(ctx, pair, images); err != nil {
			return err
		}
	}
	return nil
}

// At the same time: one waits more for the disk, and the other one needs more of the processor.
func fillBoth(ctx context.Context, pair [2]*server, from, to int) error {
	results := make(chan error, len(pair))
	for _, s := range pair {
		go func(s *server) { results <- fill(ctx, s, from, to) }(s)
	}
	for range pair {
		if err := <-results; err != nil {
			return err
		}
	}
	return nil
}

func startAll(ctx context.Context, pair [2]*server) error {
	for _, s := range pair {
		s.stop()
		if err := s.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

func compareReads(ctx context.Context, pair [2]*server, images int) error {
	for _, r := range reads {
		var results [2][]time.Duration
		for turn := 0; turn < *turns; turn++ {
			for i, s := range pair {
				result, err := timeOf(ctx, s, r, images, *length/4)
				if err != nil {
					return err
				}
				results[i] = append(results[i], result)
			}
		}
		printTimes(images*snapshotsOfImage, r.name, results)
	}
	return printServers(images*snapshotsOfImage, pair)
}
