package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// send makes a request that has to succeed, and returns the place that the answer names; nil if it names none.
func send(method, address, contentType string, body io.Reader, size int64) (*url.URL, error) {
	request, err := http.NewRequest(method, address, body)
	if err != nil {
		return nil, err
	}
	request.ContentLength = size
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return nil, fmt.Errorf("the registry answers %s to %s %s", response.Status, method, request.URL.Path)
	}
	place, err := response.Location()
	if err == http.ErrNoLocation {
		return nil, nil
	}
	return place, err
}
