package main

import (
	"fmt"
	"sort"
	"time"
)

func printCyclesHeader() {
	fmt.Println("| callers | | ours | Go's | ratio |")
	fmt.Println("|---|---|---|---|---|")
}

func printCycles(callers int, results [2][]cycles) {
	row := func(name string, value func(cycles) float64, format string) {
		var medians [2]float64
		for i := range results {
			medians[i] = medianOf(results[i], value)
		}
		printRow(callers, name, format, medians)
	}
	row("cycles a second", func(c cycles) float64 { return c.perSecond }, "%.0f")
	row("cycles a second, cleanup included", func(c cycles) float64 { return c.withCleanup }, "%.0f")
	row("a cycle's time, median, ms", func(c cycles) float64 { return milliseconds(c.median) }, "%.2f")
	row("a cycle's time, 99th percentile, ms", func(c cycles) float64 { return milliseconds(c.highest) }, "%.2f")
	row("the server's processor time a cycle, ms", func(c cycles) float64 { return milliseconds(c.processor) }, "%.2f")
}

func printSizesHeader() {
	fmt.Println("\n| snapshots | | ours | Go's | ratio |")
	fmt.Println("|---|---|---|---|---|")
}

func printSize(s size) error {
	for _, r := range reads {
		var medians [2]float64
		for i, times := range s.times[r.name] {
			medians[i] = medianOf(times, milliseconds)
		}
		printRow(s.count, r.name+", ms", "%.3f", medians)
	}
	return printServers(s.count, s.pair)
}

func printServers(count int, p pair) error {
	var starts, resident, own [2]float64
	for i, s := range p {
		var err error
		if resident[i], own[i], err = s.memory(); err != nil {
			return err
		}
		starts[i] = milliseconds(s.startTime)
	}
	printRow(count, "start to answer, ms", "%.0f", starts)
	printRow(count, "resident memory, MB", "%.1f", resident)
	printRow(count, "of that not mapped from files, MB", "%.1f", own)
	return nil
}

func printRow(count int, name, format string, values [2]float64) {
	fmt.Printf("| %d | %s | "+format+" | "+format+" | %.2f |\n", count, name, values[0], values[1], values[0]/values[1])
}

func medianOf[T any](results []T, value func(T) float64) float64 {
	values := make([]float64, len(results))
	for i, result := range results {
		values[i] = value(result)
	}
	sort.Float64s(values)
	return values[len(values)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
