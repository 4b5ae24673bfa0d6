package main

import (
	"crypto/sha256"
	"hash"
	"io"
	"os"
	"os/exec"
)

// compression is a way to compress layers: with the programs and the levels that most images are made with.
type compression struct {
	name    string // and the image's tag
	command []string
}

var compressions = [2]compression{
	{"gzip", []string{"gzip", "-6", "--no-name", "--stdout"}},
	{"zstd", []string{"zstd", "-3", "--quiet", "--stdout"}},
}

// blob is a compressed layer in a file.
type blob struct {
	path   string
	digest string
	size   int64
}

// packer compresses what is written to it into a blob.
type packer struct {
	io.WriteCloser
	command *exec.Cmd
	file    *os.File
	hash    hash.Hash
}

func (c compression) start(path string) (*packer, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	p := &packer{command: exec.Command(c.command[0], c.command[1:]...), file: file, hash: sha256.New()}
	p.command.Stdout, p.command.Stderr = io.MultiWriter(file, p.hash), os.Stderr
	if p.WriteCloser, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	return p, p.command.Start()
}

func (p *packer) finish() (blob, error) {
	defer p.file.Close()
	p.Close()
	if err := p.command.Wait(); err != nil {
		return blob{}, err
	}
	info, err := p.file.Stat()
	if err != nil {
		return blob{}, err
	}
	return blob{p.file.Name(), digestOf(p.hash), info.Size()}, nil
}
