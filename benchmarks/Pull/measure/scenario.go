package main

import (
	"fmt"
	"os"
	"time"
)

// scenario is an image, and the line that it comes through.
type scenario struct {
	name    string
	address string
	tag     string
	rate    int64 // in Mbit/s; 0 for loopback

	size    int64 // of the image's layers, in bytes
	fetches []time.Duration
	results [len(contenders)][]result
}

// ideal returns the time that the line takes for the layers' bytes; 0 for loopback.
func (s *scenario) ideal() time.Duration {
	if s.rate == 0 {
		return 0
	}
	return time.Duration(float64(s.size) * 8 / float64(s.rate) * float64(time.Microsecond))
}

func (s *scenario) image() string { return fmt.Sprintf("%s/%s:%s", s.address, repository, s.tag) }

// measure gives each contender its turns, one after the other, so that other load on the machine affects all of them.
func (s *scenario) measure() error {
	for turn := 0; turn < *turns; turn++ {
		fetched, err := s.fetchOnce()
		if err != nil {
			return err
		}
		s.fetches = append(s.fetches, fetched)

		for i, c := range contenders {
			result, err := s.runTurn(c)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			fmt.Fprintf(os.Stderr, "%s, %s: %.1f s, %.1f s of processor time\n",
				s.name, c.name, result.printed.Seconds(), result.processor.Seconds())
			s.results[i] = append(s.results[i], result)
		}
	}
	return nil
}

// fetchOnce measures what the line takes with a client that does nothing with the layers.
func (s *scenario) fetchOnce() (time.Duration, error) {
	layers, err := layersOf(*registry, s.tag)
	if err != nil {
		return 0, err
	}
	s.size = 0
	for _, l := range layers {
		s.size += l.Size
	}
	if _, err := fetch(*registry, layers); err != nil { // Into the page cache.
		return 0, err
	}
	return fetch(s.address, layers)
}

func (s *scenario) runTurn(c contender) (r result, err error) {
	d, err := newDisk()
	if err != nil {
		return r, err
	}
	defer func() {
		if failed := d.remove(); err == nil {
			err = failed
		}
	}()
	if err := s.coolDown(); err != nil {
		return r, err
	}

	n, err := startNode(c, d)
	defer n.stop()
	if err != nil {
		return r, err
	}
	return n.pullAndRun(s.image())
}

// coolDown empties the machine's caches, except for the registry's files: no contender has to wait for its disk.
func (s *scenario) coolDown() error {
	if err := dropCaches(); err != nil {
		return err
	}
	layers, err := layersOf(*registry, s.tag)
	if err != nil {
		return err
	}
	_, err = fetch(*registry, layers)
	return err
}
