package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
)

const (
	repository   = "pull"
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar+"
)

// descriptor and the other types are the parts of OCI's image format that an image needs.
type descriptor struct {
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"`
	Size      int64  `json:"size"`
}

type manifest struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	Config        descriptor   `json:"config"`
	Layers        []descriptor `json:"layers"`
}

type imageConfig struct {
	Architecture string          `json:"architecture"`
	OS           string          `json:"os"`
	Config       containerConfig `json:"config"`
	RootFS       rootFS          `json:"rootfs"`
}

type containerConfig struct {
	Env []string
	Cmd []string
}

type rootFS struct {
	Type    string   `json:"type"`
	DiffIDs []string `json:"diff_ids"`
}

// push uploads the image with its layers in one of the compressions, and returns their size in bytes.
func push(c compression, index int, layers []layer) (size int64, err error) {
	config := imageConfig{
		Architecture: runtime.GOARCH,
		OS:           "linux",
		Config:       containerConfig{Env: []string{"PATH=/bin"}, Cmd: []string{"/bin/sh", "-c", "echo hello"}},
		RootFS:       rootFS{Type: "layers"},
	}
	m := manifest{SchemaVersion: 2, MediaType: manifestType}
	for _, l := range layers {
		b := l.blobs[index]
		if err := uploadFile(b); err != nil {
			return 0, err
		}
		size += b.size
		config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, l.diffID)
		m.Layers = append(m.Layers, descriptor{layerType + c.name, b.digest, b.size})
	}

	encoded, err := json.Marshal(config)
	if err != nil {
		return 0, err
	}
	m.Config = descriptor{configType, fmt.Sprintf("sha256:%x", sha256.Sum256(encoded)), int64(len(encoded))}
	if err := upload(m.Config.Digest, bytes.NewReader(encoded), m.Config.Size); err != nil {
		return 0, err
	}
	if encoded, err = json.Marshal(m); err != nil {
		return 0, err
	}
	address := fmt.Sprintf("http://%s/v2/%s/manifests/%s", *registry, repository, c.name)
	_, err = send(http.MethodPut, address, manifestType, bytes.NewReader(encoded), int64(len(encoded)))
	return size, err
}

func uploadFile(b blob) error {
	file, err := os.Open(b.path)
	if err != nil {
		return err
	}
	defer file.Close()
	defer os.Remove(b.path)
	return upload(b.digest, file, b.size)
}

func upload(digest string, body io.Reader, size int64) error {
	place, err := send(http.MethodPost, fmt.Sprintf("http://%s/v2/%s/blobs/uploads/", *registry, repository), "", nil, 0)
	if err != nil {
		return err
	}
	query := place.Query()
	query.Set("digest", digest)
	place.RawQuery = query.Encode()
	_, err = send(http.MethodPut, place.String(), "application/octet-stream", body, size)
	return err
}
