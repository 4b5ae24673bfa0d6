package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	diskSize    = 8 << 30
	diskInodes  = "1000000"
	sectorSize  = 512
	unmountTime = 30 * time.Second
)

// disk is a new ext4 in a file, mounted.
type disk struct {
	file, path string
}

// newDisk makes a file system that initializes no inodes while something is measured.
func newDisk() (*disk, error) {
	d := &disk{filepath.Join(*folder, "disk.ext4"), filepath.Join(*folder, "disk")}
	if err := os.MkdirAll(d.path, 0o755); err != nil {
		return nil, err
	}
	file, err := os.Create(d.file)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := file.Truncate(diskSize); err != nil {
		return nil, err
	}
	if err := execute("mkfs.ext4", "-q", "-N", diskInodes, d.file); err != nil {
		return nil, err
	}
	return d, execute("mount", "-o", "loop,noinit_itable", d.file, d.path)
}

// written returns the bytes that were written to the disk since it was made.
func (d *disk) written() (int64, error) {
	var status syscall.Stat_t
	if err := syscall.Stat(d.path, &status); err != nil {
		return 0, err
	}
	device := uint64(status.Dev)
	major, minor := device>>8&0xfff, device&0xff|device>>12&0xfff00
	text, err := os.ReadFile(fmt.Sprintf("/sys/dev/block/%d:%d/stat", major, minor))
	if err != nil {
		return 0, err
	}
	sectors, err := strconv.ParseInt(strings.Fields(string(text))[6], 10, 64)
	return sectors * sectorSize, err
}

// remove unmounts the disk, and what the node has mounted on it or from it, the last mount first.
func (d *disk) remove() error {
	var err error
	for limit := time.Now().Add(unmountTime); time.Now().Before(limit); time.Sleep(100 * time.Millisecond) {
		points := mountPoints(d.path, state)
		if len(points) == 0 {
			return os.RemoveAll(state)
		}
		for i := len(points) - 1; i >= 0; i-- {
			err = syscall.Unmount(points[i], 0)
		}
	}
	return fmt.Errorf("cannot unmount the disk: %w", err)
}

func mountPoints(folders ...string) (points []string) {
	text, _ := os.ReadFile("/proc/self/mountinfo")
	for _, row := range strings.Split(string(text), "\n") {
		fields := strings.Fields(row)
		if len(fields) < 5 {
			continue
		}
		for _, f := range folders {
			if fields[4] == f || strings.HasPrefix(fields[4], f+"/") {
				points = append(points, fields[4])
			}
		}
	}
	return points
}

func dropCaches() error {
	syscall.Sync()
	return os.WriteFile("/proc/sys/vm/drop_caches", []byte("3"), 0)
}

func execute(command string, arguments ...string) error {
	if output, err := exec.Command(command, arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, output)
	}
	return nil
}
