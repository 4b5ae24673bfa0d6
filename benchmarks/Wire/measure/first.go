package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const (
	connectPause = 50 * time.Microsecond
	firstStream  = 1
)

// callFirst connects as soon as it can, and makes a single call, with a minimal client, so that the server's start takes
// most of the time.
func callFirst(socket string, deadline time.Time) error {
	connection, err := connect(socket, deadline)
	if err != nil {
		return err
	}
	defer connection.Close()
	if err := connection.SetDeadline(deadline); err != nil {
		return err
	}
	if err := sendFirst(connection); err != nil {
		return err
	}
	return receiveFirst(connection)
}

func connect(socket string, deadline time.Time) (net.Conn, error) {
	for {
		connection, err := net.Dial("unix", socket)
		if err == nil || time.Now().After(deadline) {
			return connection, err
		}
		time.Sleep(connectPause)
	}
}

// Everything at once: the preface, the settings, and the call.
func sendFirst(connection net.Conn) error {
	var fields, output bytes.Buffer
	encoder := hpack.NewEncoder(&fields)
	for _, field := range []hpack.HeaderField{
		{Name: ":method", Value: "POST"},
		{Name: ":scheme", Value: "http"},
		{Name: ":path", Value: service + stat.method},
		{Name: ":authority", Value: "localhost"},
		{Name: "content-type", Value: "application/grpc"},
		{Name: "te", Value: "trailers"},
	} {
		if err := encoder.WriteField(field); err != nil {
			return err
		}
	}

	output.WriteString(http2.ClientPreface)
	framer := http2.NewFramer(&output, nil)
	headers := http2.HeadersFrameParam{StreamID: firstStream, BlockFragment: fields.Bytes(), EndHeaders: true}
	if err := framer.WriteSettings(); err != nil {
		return err
	}
	if err := framer.WriteHeaders(headers); err != nil {
		return err
	}
	if err := framer.WriteData(firstStream, true, stat.frame()); err != nil {
		return err
	}
	_, err := connection.Write(output.Bytes())
	return err
}

func receiveFirst(connection net.Conn) error {
	framer := http2.NewFramer(connection, connection)
	content := 0
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return err
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if frame.IsAck() {
				continue
			}
			if err := framer.WriteSettingsAck(); err != nil {
				return err
			}
		case *http2.DataFrame:
			content += len(frame.Data())
		case *http2.HeadersFrame:
			if !frame.StreamEnded() {
				continue
			}
			if content == 0 {
				return errors.New("the answer is an error")
			}
			return nil
		case *http2.RSTStreamFrame, *http2.GoAwayFrame:
			return fmt.Errorf("the call was refused: %v", frame)
		}
	}
}
