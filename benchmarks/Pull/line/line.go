package main

import (
	"io"
	"net"
	"sync"
	"time"
)

const (
	chunkSize = 16 << 10

	// A sleep is up to a millisecond too long. What the line could have passed meanwhile, it may pass afterwards.
	arrears = 4 * time.Millisecond
)

// line passes bytes at a rate that all its connections share.
type line struct {
	bytesPerSecond int64
	lock           sync.Mutex
	free           time.Time // when all bytes so far have left
}

// leave returns when the last of so many bytes leaves.
func (l *line) leave(count int) time.Time {
	l.lock.Lock()
	defer l.lock.Unlock()
	if earliest := time.Now().Add(-arrears); l.free.Before(earliest) {
		l.free = earliest
	}
	l.free = l.free.Add(time.Duration(int64(count) * int64(time.Second) / l.bytesPerSecond))
	return l.free
}

// chunk is bytes on their way.
type chunk struct {
	bytes []byte
	due   time.Time
}

// pass copies one direction of a connection, with a delay and, unless the line is nil, at its rate.
func pass(from, to net.Conn, shared *line, delay time.Duration) {
	// Full, it holds more than the line has under way, 625 kB at 200 Mbit/s and 25 ms. A reader that is slow holds up the sender.
	underway := make(chan chunk, 64)
	go func() {
		defer close(underway)
		send(from, underway, shared, delay)
	}()

	for c := range underway {
		time.Sleep(time.Until(c.due))
		if _, err := to.Write(c.bytes); err != nil {
			from.Close()
		}
	}
	if connection, ok := to.(*net.TCPConn); ok {
		connection.CloseWrite()
	}
}

func send(from io.Reader, underway chan<- chunk, shared *line, delay time.Duration) {
	for {
		bytes := make([]byte, chunkSize)
		count, err := from.Read(bytes)
		if count > 0 {
			left := time.Now()
			if shared != nil {
				left = shared.leave(count)
				time.Sleep(time.Until(left))
			}
			underway <- chunk{bytes[:count], left.Add(delay)}
		}
		if err != nil {
			return
		}
	}
}
