// unpack unpacks layers as containerd does for its overlay snapshotter, and packs folders as layers.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/containerd/containerd/archive"
	"github.com/containerd/containerd/archive/compression"
)

// Reads lines with "unpack LAYER FOLDER PARENT" or "pack FOLDER LAYER EMPTY", and answers each with "done" or the error.
func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Split(lines.Text(), " ")
		var err error
		if words[0] == "pack" {
			err = pack(words[1], words[2], words[3])
		} else {
			err = unpack(words[1], words[2], words[3])
		}
		if err != nil {
			fmt.Println("refused: " + strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("done")
		}
	}
}

func unpack(layer, folder, parent string) error {
	file, err := os.Open(layer)
	if err != nil {
		return err
	}
	defer file.Close()

	stream, err := compression.DecompressStream(file)
	if err != nil {
		return err
	}
	defer stream.Close()

	_, err = archive.Apply(context.Background(), folder, stream,
		archive.WithConvertWhiteout(archive.OverlayConvertWhiteout), archive.WithParents([]string{parent}))
	if err != nil {
		return err
	}

	// As when the digest of the whole stream is wanted.
	_, err = io.Copy(io.Discard, stream)
	return err
}

func pack(folder, layer, empty string) error {
	file, err := os.Create(layer)
	if err != nil {
		return err
	}
	defer file.Close()

	return archive.WriteDiff(context.Background(), file, empty, folder)
}
