package process

import (
	"os/exec"
	"runtime"
)

// Spawner starts processes from one operating system thread that never ends. On Linux a child's death
// signal is sent when the *thread* that made it ends, so starting children from an ordinary goroutine,
// whose thread the Go runtime may retire, would now and then kill a healthy component.
type Spawner struct {
	requests chan request
}

type request struct {
	command *exec.Cmd
	result  chan error
}

// NewSpawner starts the thread. There is no way to stop it: it must live as long as the program.
func NewSpawner() *Spawner {
	s := &Spawner{requests: make(chan request)}
	go func() {
		runtime.LockOSThread()
		for r := range s.requests {
			r.result <- r.command.Start()
		}
	}()
	return s
}

func (s *Spawner) spawn(command *exec.Cmd) error {
	command.SysProcAttr = dieWithParent()
	r := request{command: command, result: make(chan error)}
	s.requests <- r
	return <-r.result
}
