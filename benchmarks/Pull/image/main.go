// image makes an ordinary image from files of this machine, and pushes it to a registry twice: its layers as gzip and as
// zstd. The same files make the same image.
package main

import (
	"flag"
	"fmt"
	"os"
)

const layerCount = 12

var (
	registry = flag.String("registry", "", "the registry's address")
	folder   = flag.String("folder", "", "a folder for the layers' files")
)

func main() {
	flag.Parse()
	if err := run(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(sources []string) error {
	files, err := choose(sources)
	if err != nil {
		return err
	}

	var layers []layer
	for number, part := range divide(files) {
		l, err := writeLayer(number, part)
		if err != nil {
			return err
		}
		layers = append(layers, l)
	}

	var size int64
	for _, l := range layers {
		size += l.size
	}
	fmt.Printf("The image has %d layers with %d files, %.0f MB", len(layers), len(files), float64(size)/1e6)
	for i, c := range compressions {
		packed, err := push(c, i, layers)
		if err != nil {
			return err
		}
		fmt.Printf("; as %s %.0f MB", c.name, float64(packed)/1e6)
	}
	fmt.Println(".")
	return nil
}
