package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// memory returns a process's value from /proc, which has it in kilobytes, in bytes.
func memory(id int, name string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", id))
	if err != nil {
		return 0, err
	}
	for _, row := range strings.Split(string(text), "\n") {
		if fields := strings.Fields(row); len(fields) == 3 && fields[0] == name {
			kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
			return kilobytes * 1024, err
		}
	}
	return 0, fmt.Errorf("the process %d has no %s", id, name)
}
