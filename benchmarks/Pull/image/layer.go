package main

import (
	"archive/tar"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"
)

// layer is a layer in each of the compressions.
type layer struct {
	diffID string
	size   int64 // of its files, in bytes
	blobs  [len(compressions)]blob
}

// writeLayer writes a layer once for each compression. The first one has what a container needs to say hello.
func writeLayer(number int, files []file) (l layer, err error) {
	diff := sha256.New()
	writers := []io.Writer{diff}
	var packers [len(compressions)]*packer
	for i, c := range compressions {
		if packers[i], err = c.start(filepath.Join(*folder, fmt.Sprintf("%d.%s", number, c.name))); err != nil {
			return l, err
		}
		writers = append(writers, packers[i])
	}

	w := &tree{tar: tar.NewWriter(io.MultiWriter(writers...)), directories: map[string]bool{}}
	if number == 0 {
		err = w.addBase()
	}
	for i := 0; i < len(files) && err == nil; i++ {
		l.size += files[i].size()
		err = w.add(files[i])
	}
	if err == nil {
		err = w.tar.Close()
	}
	for i, p := range packers {
		blob, failed := p.finish()
		if l.blobs[i] = blob; err == nil {
			err = failed
		}
	}
	l.diffID = digestOf(diff)
	return l, err
}

// tree writes files as a tar archive, each after the directories that it is in.
type tree struct {
	tar         *tar.Writer
	directories map[string]bool
}

func (t *tree) add(f file) error {
	if err := t.addDirectory(filepath.Dir(f.path)); err != nil {
		return err
	}
	if !f.info.Mode().IsRegular() {
		target, err := os.Readlink(f.path)
		if err != nil {
			return err
		}
		return t.addEntry(f, target)
	}
	if err := t.addEntry(f, ""); err != nil {
		return err
	}
	return t.addBytes(f.path)
}

func (t *tree) addDirectory(path string) error {
	if path == "/" || t.directories[path] {
		return nil
	}
	if err := t.addDirectory(filepath.Dir(path)); err != nil {
		return err
	}
	t.directories[path] = true
	info, err := os.Stat(path) // /usr/share/X may be a link to a directory of another package.
	if err != nil {
		return err
	}
	return t.addEntry(file{path, info}, "")
}

func (t *tree) addEntry(f file, target string) error {
	header, err := tar.FileInfoHeader(f.info, target)
	if err != nil {
		return err
	}
	header.Name = f.path[1:]
	if f.info.IsDir() {
		header.Name += "/"
	}
	// Times of access and names of users differ from machine to machine.
	header.Format, header.AccessTime, header.ChangeTime, header.Uname, header.Gname = tar.FormatPAX, time.Time{}, time.Time{}, "", ""
	return t.tar.WriteHeader(header)
}

func (t *tree) addBytes(path string) error {
	source, err := os.Open(path)
	if err != nil {
		return err
	}
	defer source.Close()
	_, err = io.Copy(t.tar, source)
	return err
}

// addBase adds a shell, and the directories that a container's mounts need.
func (t *tree) addBase() error {
	for _, name := range []string{"bin/", "dev/", "etc/", "proc/", "run/", "sys/", "tmp/"} {
		if err := t.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: 0o755}); err != nil {
			return err
		}
	}
	const busybox = "/bin/busybox"
	info, err := os.Stat(busybox)
	if err != nil {
		return err
	}
	if err := t.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: busybox[1:], Mode: 0o755, Size: info.Size()}); err != nil {
		return err
	}
	if err := t.addBytes(busybox); err != nil {
		return err
	}
	return t.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: "bin/sh", Linkname: "busybox", Mode: 0o777})
}

func digestOf(h hash.Hash) string { return fmt.Sprintf("sha256:%x", h.Sum(nil)) }
