// Package prometheus runs the real Prometheus, the one that `make lab-build`
// builds, on a port of loopback, and fills it with series.
//
// It turns the address of two programs and made-up series (e2e/series) into a
// server that answers questions about the last half hour at once, without
// anything to scrape. Tests use it through New; a script of e2e by its command
// "prometheus", behind a port-forward of the lab. It is never in the binary.
package prometheus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// Options say how to run the server.
type Options struct {
	// Programs is the folder with prometheus in it.
	Programs string
	// Dir is a folder for its data, empty or missing.
	Dir string
	// Config is a configuration file. Without one there is nothing to scrape and no rule.
	Config string
}

// Server is a running Prometheus.
type Server struct {
	// Addr is the address it listens on, host and port.
	Addr string

	options Options
	stop    context.CancelFunc
	begin   time.Time // of the first sample
	loaded  time.Time // where the next sample goes
	story   []string  // its log, until it listened
	ended   chan struct{}
	result  error
}

const patience = time.Minute

// Start runs Prometheus and returns when it is ready.
func Start(ctx context.Context, options Options) (*Server, error) {
	if err := os.MkdirAll(options.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("making a folder for prometheus: %w", err)
	}
	if options.Config == "" {
		options.Config = filepath.Join(options.Dir, "empty.yml")
		if err := os.WriteFile(options.Config, []byte("global: {evaluation_interval: 15s}\n"), 0o600); err != nil {
			return nil, fmt.Errorf("writing a configuration: %w", err)
		}
	}
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &Server{options: options, stop: stop, ended: make(chan struct{})}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	listening := make(chan string, 1)
	go s.run(life, listening)
	select {
	case s.Addr = <-listening:
	case <-s.ended:
		return nil, fmt.Errorf("starting prometheus: %w\n%s", s.result, strings.Join(s.story, "\n"))
	case <-ctx.Done():
		s.Close()
		return nil, fmt.Errorf("starting prometheus: %w", ctx.Err())
	}
	if err := s.awaitReady(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// URL is where its API begins.
func (s *Server) URL() string { return "http://" + s.Addr }

// Close stops it and waits until it is gone.
func (s *Server) Close() {
	s.stop() // that kills it: its data is thrown away, so nothing has to be saved
	<-s.ended
}

// run stays on one thread: the kernel ends the process when the thread that started it does.
func (s *Server) run(ctx context.Context, listening chan<- string) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(s.ended)
	command := exec.CommandContext(ctx, filepath.Join(s.options.Programs, "prometheus"),
		"--config.file="+s.options.Config, "--storage.tsdb.path="+filepath.Join(s.options.Dir, "data"),
		"--web.listen-address=127.0.0.1:0", "--web.enable-remote-write-receiver", "--storage.tsdb.no-lockfile")
	endWithParent(command)
	log, err := command.StderrPipe()
	if err != nil {
		s.result = err
		return
	}
	if s.result = command.Start(); s.result != nil {
		return
	}
	address := regexp.MustCompile(`msg="Listening on" .*address=(127\.0\.0\.1:\d+)`)
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if len(listening) == cap(listening) {
			continue
		}
		s.story = append(s.story, lines.Text())
		if found := address.FindStringSubmatch(lines.Text()); found != nil {
			listening <- found[1]
		}
	}
	if s.result = command.Wait(); s.result == nil {
		s.result = errors.New("it ended")
	}
}

func (s *Server) awaitReady(ctx context.Context) error {
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/-/ready", nil)
		if err != nil {
			return fmt.Errorf("waiting for prometheus: %w", err)
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for prometheus: %w", errors.Join(ctx.Err(), err))
		case <-s.ended:
			return fmt.Errorf("waiting for prometheus: %w", s.result)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
