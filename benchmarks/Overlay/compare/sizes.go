package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand"
	"sync"
	"time"

	"github.com/containerd/containerd/snapshots"
)

const (
	layersOfImage    = 9
	snapshotsOfImage = layersOfImage + 1 // a container on top
	fillCallers      = 32
	refLabel         = "containerd.io/snapshot.ref"
)

func digest(name string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(name))) }

// layerName is containerd's name of a committed layer.
func layerName(name string) string { return "default/3/" + digest(name) }

func layerOf(image, layer int) string   { return layerName(layerText(image, layer)) }
func layerText(image, layer int) string { return fmt.Sprintf("image %d layer %d", image, layer) }
func containerOf(image int) string      { return fmt.Sprintf("default/4/container-%d", image) }
func layerLabels(name string) snapshots.Opt {
	return snapshots.WithLabels(map[string]string{refLabel: digest(name)})
}

// fill adds a number of images of empty layers, each with a container on it.
func fill(ctx context.Context, s *server, count int) error {
	images := make(chan int)
	go func() {
		defer close(images)
		for image := 0; image < count; image++ {
			images <- image
		}
	}()

	var first error
	var lock sync.Mutex
	var group sync.WaitGroup
	for caller := 0; caller < fillCallers; caller++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for image := range images {
				if err := addImage(ctx, s, image); err != nil {
					lock.Lock()
					first = fmt.Errorf("%s: %w", s.name, err)
					lock.Unlock()
				}
			}
		}()
	}
	group.Wait()
	return first
}

func addImage(ctx context.Context, s *server, image int) error {
	parent := ""
	for layer := 0; layer < layersOfImage; layer++ {
		text := layerText(image, layer)
		extraction, name := "default/1/extract-"+text, layerName(text)
		if _, err := s.Prepare(ctx, extraction, parent, layerLabels(text)); err != nil {
			return err
		}
		if err := s.Commit(ctx, name, extraction, layerLabels(text)); err != nil {
			return err
		}
		parent = name
	}
	_, err := s.Prepare(ctx, containerOf(image), parent)
	return err
}

// read is a call that changes nothing, on one of the images.
type read struct {
	name string
	call func(ctx context.Context, s *server, images int) error
}

var reads = []read{
	{"Stat", func(ctx context.Context, s *server, images int) error {
		_, err := s.Stat(ctx, layerOf(rand.Intn(images), rand.Intn(layersOfImage)))
		return err
	}},
	{"Mounts", func(ctx context.Context, s *server, images int) error {
		_, err := s.Mounts(ctx, containerOf(rand.Intn(images)))
		return err
	}},
	{"Usage", func(ctx context.Context, s *server, images int) error {
		_, err := s.Usage(ctx, layerOf(rand.Intn(images), rand.Intn(layersOfImage)))
		return err
	}},
	{"List", list},
}

// list makes the List call that containerd makes after a snapshotter has answered that a layer exists already.
func list(ctx context.Context, s *server, images int) error {
	image, found := rand.Intn(images), 0
	filter := fmt.Sprintf("labels.%q==%s,parent==%q", refLabel, digest(layerText(image, 1)), layerOf(image, 0))
	err := s.Walk(ctx, func(context.Context, snapshots.Info) error { found++; return nil }, filter)
	if err == nil && found != 1 {
		err = fmt.Errorf("%s found %d snapshots instead of one", s.name, found)
	}
	return err
}

// timeOf returns the mean time of a call by a single caller.
func timeOf(ctx context.Context, s *server, r read, images int, length time.Duration) (time.Duration, error) {
	calls, begin := 0, time.Now()
	for ; calls == 0 || time.Since(begin) < length; calls++ {
		if err := r.call(ctx, s, images); err != nil {
			return 0, fmt.Errorf("%s: %s: %w", s.name, r.name, err)
		}
	}
	return time.Since(begin) / time.Duration(calls), nil
}
