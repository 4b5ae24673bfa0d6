package main

import (
	"fmt"
	"io"
	"sort"
	"time"
)

// printTable prints the medians of the turns, and ratios of the last contender's, ours, to the others'.
func printTable(w io.Writer, all []scenario) {
	fmt.Fprintln(w, "| image, line | snapshotter | printed, s | synced, s | processor time, s | registry's, s | written, MB | peak, MB | at rest, MB | ours: printed | ours: processor time |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|---|---|")
	for i := range all {
		all[i].print(w)
	}
}

func (s *scenario) print(w io.Writer) {
	ours := s.medianOf(len(contenders) - 1)
	for i, c := range contenders {
		r := s.medianOf(i)
		fmt.Fprintf(w, "| %s | %s | %.1f | %.1f | %.1f | %.1f | %.0f | %s | %.0f | %.2f | %.2f |\n",
			s.name, c.name, r.printed.Seconds(), r.synced.Seconds(), r.processor.Seconds(), r.apart.Seconds(),
			megabytes(r.written), peaks(c, r), megabytes(r.rested),
			ours.printed.Seconds()/r.printed.Seconds(), ours.processor.Seconds()/r.processor.Seconds())
	}

	fetched := median(s.fetches, func(d time.Duration) float64 { return d.Seconds() })
	fmt.Fprintf(w, "| %s | the line, 4 connections | %.1f | | | | | | | %.2f | |\n", s.name, fetched, ours.printed.Seconds()/fetched)
	if ideal := s.ideal().Seconds(); ideal > 0 {
		fmt.Fprintf(w, "| %s | the line, %.0f MB at %d Mbit/s | %.1f | | | | | | | %.2f | |\n",
			s.name, megabytes(s.size), s.rate, ideal, ours.printed.Seconds()/ideal)
	}
}

// peaks are those of containerd and of a snapshotter that is a program of its own.
func peaks(c contender, r result) string {
	if c.program == nil {
		return fmt.Sprintf("%.0f", megabytes(r.peak))
	}
	return fmt.Sprintf("%.0f + %.0f", megabytes(r.peak-r.ownPeak), megabytes(r.ownPeak))
}

func (s *scenario) medianOf(index int) result {
	results := s.results[index]
	duration := func(value func(result) time.Duration) time.Duration {
		return time.Duration(median(results, func(r result) float64 { return float64(value(r)) }))
	}
	number := func(value func(result) int64) int64 {
		return int64(median(results, func(r result) float64 { return float64(value(r)) }))
	}
	return result{
		printed:   duration(func(r result) time.Duration { return r.printed }),
		synced:    duration(func(r result) time.Duration { return r.synced }),
		processor: duration(func(r result) time.Duration { return r.processor }),
		apart:     duration(func(r result) time.Duration { return r.apart }),
		written:   number(func(r result) int64 { return r.written }),
		peak:      number(func(r result) int64 { return r.peak }),
		ownPeak:   number(func(r result) int64 { return r.ownPeak }),
		rested:    number(func(r result) int64 { return r.rested }),
	}
}

func median[T any](results []T, value func(T) float64) float64 {
	values := make([]float64, len(results))
	for i, result := range results {
		values[i] = value(result)
	}
	sort.Float64s(values)
	return values[len(values)/2]
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }
