// measure pulls an image with one snapshotter after the other, runs it, and prints what each costs. Every turn has a new
// file system, new daemons and cold caches.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

var (
	registry = flag.String("registry", "", "the registry's address")
	shaped   = flag.String("shaped", "", "the address of the registry behind the slow line")
	rate     = flag.Int64("rate", 200, "the slow line's rate, in Mbit/s")
	programs = flag.String("path", "", "the folder of containerd 2 and the other programs")
	ours     = flag.String("ours", "", "the program lazy-snapshotter")
	folder   = flag.String("folder", "", "a folder for the file systems' file and for logs")
	groups   = flag.String("groups", "", "a cgroup of version 2; the registry and the line are in its child \"registry\"")
	turns    = flag.Int("turns", 3, "the number of turns of each contender; the median is printed")
	chart    = flag.String("chart", "", "where to write a chart, as SVG")
)

const rest = 10 * time.Second

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var all []scenario
	for _, compression := range []string{"gzip", "zstd"} {
		direct := scenario{name: compression + ", loopback", address: *registry, tag: compression}
		slow := scenario{name: fmt.Sprintf("%s, %d Mbit/s", compression, *rate), address: *shaped, tag: compression, rate: *rate}
		all = append(all, direct, slow)
	}
	for i := range all {
		if err := all[i].measure(); err != nil {
			return fmt.Errorf("%s: %w", all[i].name, err)
		}
	}

	printTable(os.Stdout, all)
	if *chart == "" {
		return nil
	}
	return os.WriteFile(*chart, []byte(drawChart(all)), 0o644)
}
