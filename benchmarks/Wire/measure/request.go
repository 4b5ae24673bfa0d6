package main

import (
	"encoding/binary"
	"strings"

	snapshotsapi "github.com/containerd/containerd/api/services/snapshots/v1"
	"google.golang.org/grpc/codes"
)

const (
	service  = "/containerd.services.snapshots.v1.Snapshots/"
	takenKey = "exists" // Prepare answers AlreadyExists.
)

// message is one of containerd's types.
type message interface {
	Marshal() ([]byte, error)
	Unmarshal([]byte) error
}

// request is a call with the exact bytes that every client sends.
type request struct {
	method  string
	content []byte
	answer  func() message // an empty message to decode into
	end     codes.Code
}

func newRequest(method string, content message, end codes.Code, answer func() message) request {
	bytes, err := content.Marshal()
	if err != nil {
		panic(err) // Only for text that is not UTF-8.
	}
	return request{method: method, content: bytes, end: end, answer: answer}
}

// frame returns the content with gRPC's prefix: not compressed, and its length.
func (r request) frame() []byte {
	frame := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(r.content)))
	return append(frame, r.content...)
}

// Names as containerd gives them.
var (
	layer      = "sha256:" + strings.Repeat("0123456789abcdef", 4)
	parentName = "default/3/" + layer
	activeKey  = "default/4/extract-123456789-abcd " + layer
)

var (
	stat = newRequest("Stat",
		&snapshotsapi.StatSnapshotRequest{Snapshotter: "canned", Key: parentName},
		codes.OK, func() message { return &snapshotsapi.StatSnapshotResponse{} })
	prepare = newRequest("Prepare",
		&snapshotsapi.PrepareSnapshotRequest{Snapshotter: "canned", Key: activeKey, Parent: parentName, Labels: refLabels},
		codes.OK, func() message { return &snapshotsapi.PrepareSnapshotResponse{} })
	prepareTaken = newRequest("Prepare",
		&snapshotsapi.PrepareSnapshotRequest{Snapshotter: "canned", Key: takenKey, Parent: parentName, Labels: refLabels},
		codes.AlreadyExists, func() message { return &snapshotsapi.PrepareSnapshotResponse{} })
	view = newRequest("View",
		&snapshotsapi.ViewSnapshotRequest{Snapshotter: "canned", Key: activeKey, Parent: parentName},
		codes.OK, func() message { return &snapshotsapi.ViewSnapshotResponse{} })
	mounts = newRequest("Mounts",
		&snapshotsapi.MountsRequest{Snapshotter: "canned", Key: activeKey},
		codes.OK, func() message { return &snapshotsapi.MountsResponse{} })
	usage = newRequest("Usage",
		&snapshotsapi.UsageRequest{Snapshotter: "canned", Key: activeKey},
		codes.OK, func() message { return &snapshotsapi.UsageResponse{} })
	list = newRequest("List",
		&snapshotsapi.ListSnapshotsRequest{Snapshotter: "canned"},
		codes.OK, func() message { return &snapshotsapi.ListSnapshotsResponse{} })
)

var refLabels = map[string]string{"containerd.io/snapshot.ref": layer}
