// measure runs three servers with the same answers in turns under the same loads, and prints the cost of each and the
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
	folder = flag.String("folder", "", "the folder for sockets and logs")
	turns  = flag.Int("turns", 5, "the number of turns of each server; the median is printed")
	rests  = flag.Int("rests", 3, "how often each server's memory is measured: before the load, after it, and later")
	starts = flag.Int("starts", 30, "how often each server's start is measured")
	share  = flag.Float64("share", 1, "the share of a turn's calls that are made, up to 1")
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
