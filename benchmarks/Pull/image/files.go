package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sort"
)

const (
	smallSize  = 20_000 // at most, in bytes
	smallCount = 44_000
	leastCount = 40_000
	wantedSize = 600_000_000
	hugeSize   = 50_000_000
)

// file is a regular file or a symbolic link of this machine.
type file struct {
	path string
	info fs.FileInfo
}

func (f file) size() int64 {
	if f.info.Mode().IsRegular() {
		return f.info.Size()
	}
	return 0
}

// choose takes small files first, so that there are many, and then larger ones until the image is large enough. The result
// is in the order of the paths.
func choose(sources []string) (chosen []file, err error) {
	all, err := list(sources)
	if err != nil {
		return nil, err
	}

	var size int64
	var larger []file
	for _, f := range all {
		if f.size() > smallSize {
			larger = append(larger, f)
		} else if len(chosen) < smallCount {
			chosen = append(chosen, f)
			size += f.size()
		}
	}
	for _, f := range larger {
		if size+f.size() <= wantedSize {
			chosen = append(chosen, f)
			size += f.size()
		}
	}
	if len(chosen) < leastCount {
		return nil, fmt.Errorf("the image needs %d files, and %v have %d; Debian's libboost-dev has many", leastCount, sources, len(chosen))
	}
	sort.Slice(chosen, func(i, j int) bool { return chosen[i].path < chosen[j].path })
	return chosen, nil
}

func list(sources []string) (files []file, err error) {
	seen := map[string]bool{}
	for _, source := range sources {
		err := filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) || err == nil && (seen[path] || entry.IsDir()) {
				return nil
			}
			if err != nil {
				return err
			}
			seen[path] = true
			info, err := entry.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			f := file{path, info}
			if mode := info.Mode().Type(); (mode == 0 || mode == fs.ModeSymlink) && f.size() <= hugeSize {
				files = append(files, f)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// divide makes layers of about the same cost: a file costs its bytes, and a block for being there.
func divide(files []file) [layerCount][]file {
	cost := func(f file) int64 { return f.size() + 4096 }
	var all, before int64
	for _, f := range files {
		all += cost(f)
	}

	var parts [layerCount][]file
	for _, f := range files {
		number := before * layerCount / all
		parts[number] = append(parts[number], f)
		before += cost(f)
	}
	return parts
}
