package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	repository   = "pull"
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	connections  = 4
)

// blob is a layer as the image's manifest names it.
type blob struct {
	Digest string
	Size   int64
}

func layersOf(address, tag string) ([]blob, error) {
	var manifest struct{ Layers []blob }
	request, err := http.NewRequest(http.MethodGet, fmt.Sprintf("http://%s/v2/%s/manifests/%s", address, repository, tag), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", manifestType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the registry answers %s", response.Status)
	}
	err = json.NewDecoder(response.Body).Decode(&manifest)
	return manifest.Layers, err
}

// fetch reads all layers through a few new connections, and returns the time that it took.
func fetch(address string, layers []blob) (time.Duration, error) {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	queue := make(chan blob, len(layers))
	for _, l := range layers {
		queue <- l
	}
	close(queue)

	begin := time.Now()
	results := make(chan error, connections)
	for i := 0; i < connections; i++ {
		go func() {
			var err error
			for l := range queue {
				if err == nil {
					err = fetchBlob(client, address, l)
				}
			}
			results <- err
		}()
	}
	var failed error
	for i := 0; i < connections; i++ {
		if err := <-results; err != nil {
			failed = err
		}
	}
	return time.Since(begin), failed
}

func fetchBlob(client *http.Client, address string, l blob) error {
	response, err := client.Get(fmt.Sprintf("http://%s/v2/%s/blobs/%s", address, repository, l.Digest))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	count, err := io.Copy(io.Discard, response.Body)
	if err == nil && count != l.Size {
		err = fmt.Errorf("a layer of %d bytes has %d", l.Size, count)
	}
	return err
}
