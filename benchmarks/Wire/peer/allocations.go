package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// reportAllocations prints how many bytes have been allocated so far, each time that the benchmark asks with SIGUSR1.
func reportAllocations() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	for range asked {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		fmt.Println(memory.TotalAlloc)
	}
}
