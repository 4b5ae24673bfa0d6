// activator does what systemd does for a socket unit and its service: it listens on a Unix socket, passes it to a
// command as descriptor 3, and starts the command again when it ends, unless it could not begin (exit code 1). SIGHUP
// restarts it with SIGTERM, SIGUSR1 with SIGKILL, and SIGTERM ends both.
package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: activator SOCKET COMMAND...")
		os.Exit(2)
	}

	os.Remove(os.Args[1]) // An earlier activator may have left it.
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: os.Args[1], Net: "unix"})
	exitOn(err)
	defer listener.Close()
	socket, err := listener.File()
	exitOn(err)

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGTERM)
	for serve(os.Args[2:], socket, signals) {
	}
}

// serve runs the command once, and returns whether to run it again.
func serve(command []string, socket *os.File, signals <-chan os.Signal) bool {
	// The shell's process id becomes the command's, so that LISTEN_PID is known before the command starts.
	service := exec.Command("sh", append([]string{"-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"`, "sh"}, command...)...)
	service.ExtraFiles = []*os.File{socket}
	service.Stderr = os.Stderr
	exitOn(service.Start())
	fmt.Println("started", service.Process.Pid)

	ended := make(chan error, 1)
	go func() { ended <- service.Wait() }()

	again := true
	for {
		select {
		case received := <-signals:
			again = again && received != syscall.SIGTERM
			if received == syscall.SIGUSR1 {
				service.Process.Kill()
			} else {
				service.Process.Signal(syscall.SIGTERM)
			}
		case err := <-ended:
			fmt.Println("ended", err)
			if service.ProcessState.ExitCode() == 1 {
				os.Exit(1)
			}
			return again
		}
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
