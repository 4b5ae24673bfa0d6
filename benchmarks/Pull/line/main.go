// line is a slow line to a registry: a proxy that delays all bytes, and passes a limited number of them in a second. All
// connections share the line. It knows no loss of packets and no slow start: every connection is as fast as the line.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"time"
)

var (
	listen = flag.String("listen", "", "the address to listen at")
	target = flag.String("to", "", "the registry's address")
	rate   = flag.Int64("rate", 200, "the line's rate towards the client, in Mbit/s")
	delay  = flag.Duration("delay", 50*time.Millisecond, "the time of a round trip")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	shared := &line{bytesPerSecond: *rate * 1e6 / 8}
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		go connect(client, shared)
	}
}

func connect(client net.Conn, shared *line) {
	defer client.Close()
	time.Sleep(*delay) // A connection over a real line needs a round trip before its first byte.
	server, err := net.Dial("tcp", *target)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	defer server.Close()

	go pass(client, server, nil, *delay/2)
	pass(server, client, shared, *delay/2)
}
