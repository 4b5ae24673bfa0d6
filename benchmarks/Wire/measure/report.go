package main

import (
	"fmt"
	"sort"
	"time"
)

func printHeader(first string) {
	fmt.Printf("\n| %s | | ours | the floor | Go's | ours / Go's | the floor / Go's | ours / the floor |\n", first)
	fmt.Println("|---|---|---|---|---|---|---|---|")
}

func printLoad(l load, results [serverCount][]figures) {
	one, many, microseconds := "a call", "calls", "%.1f"
	if l.infos > 0 {
		one, many, microseconds = "an info", "infos", "%.2f"
	}
	row := func(name, format string, value func(figures) float64) {
		printRow(l.name, name, format, medians(results, value))
	}

	row(many+" a second", "%.0f", func(f figures) float64 { return f.perSecond })
	row("the server's processor time "+one+", µs", microseconds, func(f figures) float64 { return f.processor })
	row("context switches "+one, "%.3f", func(f figures) float64 { return f.switches })
	row("allocated "+one+", bytes", "%.0f", func(f figures) float64 { return f.allocated })
	if l.timed {
		row("a call's time, mean, µs", "%.1f", func(f figures) float64 { return f.mean })
		row("a call's time, median, µs", "%.0f", func(f figures) float64 { return f.median })
		row("a call's time, 99th percentile, µs", "%.0f", func(f figures) float64 { return f.highest })
	}
}

func printRow(first, name, format string, values [serverCount]float64) {
	fmt.Printf("| %s | %s |", first, name)
	for _, value := range values {
		fmt.Printf(" "+format+" |", value)
	}
	ours, floor, peer := values[0], values[1], values[2]
	fmt.Printf(" %.2f | %.2f | %.2f |\n", ours/peer, floor/peer, ours/floor)
}

// medians returns the median of the turns for each server.
func medians[T any](results [serverCount][]T, value func(T) float64) (middles [serverCount]float64) {
	for i, turns := range results {
		values := make([]float64, len(turns))
		for j, turn := range turns {
			values[j] = value(turn)
		}
		sort.Float64s(values)
		middles[i] = values[len(values)/2]
	}
	return middles
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
