package main

import (
	"context"
	"syscall"
	"time"
)

// result is what one turn of a contender costs.
type result struct {
	printed   time.Duration // from the pull's begin to the container's line
	synced    time.Duration // until all of it was on the disk
	processor time.Duration // of all processes of the node, until then
	apart     time.Duration // of the registry and the line
	written   int64         // to the node's disk, in bytes
	peak      int64         // resident memory of containerd and the snapshotter at the highest, added, in bytes
	ownPeak   int64         // the snapshotter's alone; containerd's if it is a part of it
	rested    int64         // the same process after a while without work
}

func (n *node) pullAndRun(image string) (r result, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), commandLimit)
	defer cancel()
	syscall.Sync()
	before, err := n.costs()
	if err != nil {
		return r, err
	}

	begin := time.Now()
	if err := n.pull(ctx, image); err != nil {
		return r, err
	}
	printed, err := n.run(ctx, image)
	if err != nil {
		return r, err
	}
	syscall.Sync()
	r.printed, r.synced = printed.Sub(begin), time.Since(begin)

	after, err := n.costs()
	if err != nil {
		return r, err
	}
	r.processor, r.apart, r.written = after.processor-before.processor, after.apart-before.apart, after.written-before.written

	for i, d := range n.daemons {
		peak, err := memory(d.Process.Pid, "VmHWM:")
		if err != nil {
			return r, err
		}
		r.peak += peak
		if i == 0 {
			r.ownPeak = peak
		}
	}
	time.Sleep(rest)
	r.rested, err = memory(n.daemons[0].Process.Pid, "VmRSS:")
	return r, err
}

// costs are counters that only grow.
type costs struct {
	processor, apart time.Duration
	written          int64
}

func (n *node) costs() (c costs, err error) {
	if c.processor, err = n.group.processorTime(); err != nil {
		return c, err
	}
	if c.apart, err = cgroup(*groups + "/registry").processorTime(); err != nil {
		return c, err
	}
	c.written, err = n.disk.written()
	return c, err
}
