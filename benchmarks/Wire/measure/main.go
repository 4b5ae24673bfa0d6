// measure has three servers with the same answers take turns under the same loads, and prints what each costs and the
// ratios.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

var (
	ours   = flag.String("ours", "", "the program canned-snapshotter")
	floor  = flag.String("floor", "", "the program that answers by Kestrel alone")
	peer   = flag.String("peer", "", "the program that answers by containerd's Go service")
	folder = flag.String("folder", "", "where sockets and logs are")
	turns  = flag.Int("turns", 5, "how many turns each server has; the median counts")
	rests  = flag.Int("rests", 3, "how often each server's memory is looked at, before, after, and when it has rested")
	starts = flag.Int("starts", 30, "how often each server is started to see how long that takes")
	share  = flag.Float64("share", 1, "how many of the calls of a turn are made: all, or less for a short look")
	limit  = flag.Duration("limit", time.Hour, "when to give up")
)

func main() {
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), *limit)
	defer cancel()

	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	all := newServers()
	defer all.stop()

	if err := all.start(ctx, listed); err != nil {
		return err
	}
	if err := checkAnswers(ctx, all); err != nil {
		return err
	}
	if err := measureLoads(ctx, all); err != nil {
		return err
	}
	return measureProcesses(ctx, all)
}

func newServers() servers {
	socket := func(name string) string { return filepath.Join(*folder, name+".sock") }
	return servers{
		{name: "ours", program: *ours, socket: socket("ours")},
		{name: "the floor", program: *floor, socket: socket("floor")},
		{name: "Go's", program: *peer, socket: socket("peer")},
	}
}
