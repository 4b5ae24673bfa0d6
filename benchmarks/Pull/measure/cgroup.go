package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// cgroup is the folder of a cgroup of version 2, which counts the processor time of all processes that were ever in it.
type cgroup string

// newCgroup makes a cgroup with one for the daemons in it. A container's is made beside that one by its runtime.
func newCgroup(name string) (cgroup, error) {
	c := cgroup(filepath.Join(*groups, name))
	return c, os.MkdirAll(filepath.Join(string(c), "daemons"), 0o755)
}

// processes is the file by which a process joins the daemons.
func (c cgroup) processes() string { return filepath.Join(string(c), "daemons/cgroup.procs") }

// container is the path of a container's cgroup, from the root of all cgroups.
func (c cgroup) container() string {
	return filepath.Join("/", filepath.Base(*groups), filepath.Base(string(c)), "container")
}

func (c cgroup) processorTime() (time.Duration, error) {
	text, err := os.ReadFile(filepath.Join(string(c), "cpu.stat"))
	if err != nil {
		return 0, err
	}
	var microseconds int64
	_, err = fmt.Sscanf(string(text), "usage_usec %d", &microseconds)
	return time.Duration(microseconds) * time.Microsecond, err
}

// remove kills what is left in the cgroup, and removes it.
func (c cgroup) remove() {
	if c == "" {
		return
	}
	os.WriteFile(filepath.Join(string(c), "cgroup.kill"), []byte("1"), 0)
	for limit := time.Now().Add(stopLimit); time.Now().Before(limit) && c.populated(); time.Sleep(10 * time.Millisecond) {
	}
	var children []string
	filepath.WalkDir(string(c), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			children = append(children, path)
		}
		return nil
	})
	for i := len(children) - 1; i >= 0; i-- {
		os.Remove(children[i])
	}
}

func (c cgroup) populated() bool {
	text, err := os.ReadFile(filepath.Join(string(c), "cgroup.events"))
	return !errors.Is(err, fs.ErrNotExist) && strings.Contains(string(text), "populated 1")
}
