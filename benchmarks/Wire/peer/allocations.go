package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// reportAllocations prints the bytes allocated so far, at each SIGUSR1 from the benchmark.
func reportAllocations() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	for range asked {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		fmt.Println(memory.TotalAlloc)
	}
}
