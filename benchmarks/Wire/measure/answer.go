package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// answer is a server's answer: messages, as bytes and decoded, and the status of the call.
type answer struct {
	sizes    []int
	messages []message
	code     codes.Code
	text     string
}

// checkAnswers makes every call to every server, to compare figures only between servers that answer the same.
func checkAnswers(ctx context.Context, all servers) error {
	for _, r := range []request{stat, prepare, prepareTaken, view, mounts, usage, list} {
		var first answer
		for i, s := range all {
			given, err := ask(ctx, s.socket, r)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", s.name, r.method, err)
			}
			if given.code != r.end {
				return fmt.Errorf("%s: %s ends as %v, not as %v: %s", s.name, r.method, given.code, r.end, given.text)
			}
			if i == 0 {
				first = given
			} else if err := compare(first, given); err != nil {
				return fmt.Errorf("%s and %s answer %s differently: %w", all[0].name, s.name, r.method, err)
			}
		}
	}
	return nil
}

// The order of a map's entries on the wire is free, so this compares sizes and then values, but not bytes.
func compare(one, other answer) error {
	if !reflect.DeepEqual(one.sizes, other.sizes) {
		return fmt.Errorf("messages of %v bytes and of %v", one.sizes, other.sizes)
	}
	if !reflect.DeepEqual(one, other) {
		return fmt.Errorf("\n%+v\n%+v", one, other)
	}
	return nil
}

func ask(ctx context.Context, socket string, r request) (answer, error) {
	open := func(ctx context.Context, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	connection, err := grpc.DialContext(ctx, "localhost", grpc.WithInsecure(), grpc.WithContextDialer(open))
	if err != nil {
		return answer{}, err
	}
	defer connection.Close()

	// A call with one answer is a stream of one.
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, service+r.method, grpc.ForceCodec(bytesCodec{}))
	if err != nil {
		return answer{}, err
	}
	if err := stream.SendMsg(&r.content); err != nil {
		return answer{}, err
	}
	if err := stream.CloseSend(); err != nil {
		return answer{}, err
	}
	return receive(stream, r)
}

func receive(stream grpc.ClientStream, r request) (answer, error) {
	var given answer
	for {
		var content []byte
		err := stream.RecvMsg(&content)
		if errors.Is(err, io.EOF) {
			return given, nil
		}
		if err != nil {
			return failed(err)
		}

		decoded := r.answer()
		if err := decoded.Unmarshal(content); err != nil {
			return answer{}, err
		}
		given.sizes = append(given.sizes, len(content))
		given.messages = append(given.messages, decoded)
	}
}

// failed returns an answer that is an error. Clients drop a message before it: ours sends an empty one, Go's sends none.
func failed(err error) (answer, error) {
	end, ok := status.FromError(err)
	if !ok || end.Code() == codes.Unavailable { // The server is not running, or its answer is not gRPC.
		return answer{}, err
	}
	return answer{code: end.Code(), text: end.Message()}, nil
}

// bytesCodec leaves messages as they are.
type bytesCodec struct{}

func (bytesCodec) Name() string { return "bytes" }

func (bytesCodec) Marshal(content interface{}) ([]byte, error) { return *content.(*[]byte), nil }

func (bytesCodec) Unmarshal(bytes []byte, content interface{}) error {
	*content.(*[]byte) = append([]byte(nil), bytes...)
	return nil
}
