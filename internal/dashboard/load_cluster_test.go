package dashboard_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/object"
)

// usage is what leaks where something leaks.
type usage struct{ goroutines, descriptors int }

func used() usage {
	u := usage{goroutines: runtime.NumGoroutine()}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil { // Linux
		u.descriptors = len(open)
	}
	return u
}

// returnsTo waits until no more is used than before.
func returnsTo(t *testing.T, before usage) {
	t.Helper()
	var now usage
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		now = used()
		if now.goroutines <= before.goroutines && now.descriptors <= before.descriptors {
			return
		}
	}
	var stacks strings.Builder
	_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
	t.Errorf("%+v before, %+v now\n%s", before, now, stacks.String())
}

// keep opens a dashboard and keeps it open until stop is called, which returns
// when it has ended.
func (s stage) keep(t *testing.T) (session *dashboard.Session, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	session, err := dashboard.Open(ctx, s.dashboard, dashboard.Options{Namespace: s.namespace}, s.cluster)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- session.Wait(ctx) }()
	return session, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// steadyStage is a stage on which one session has been, so that what stays for
// good is there.
func steadyStage(t *testing.T) stage {
	t.Helper()
	s := setting(t)
	s.install(t, "none")
	first := s.open(t, dashboard.Options{})
	s.expectPages(t, first.URL)
	first.Close()
	_, stop := s.keep(t)
	stop()
	return s
}

// visit asks for pages at the same time, each on a connection of its own.
func (s stage) visit(t *testing.T, url string, times int) {
	t.Helper()
	var visitors sync.WaitGroup
	for i := range times {
		visitors.Go(func() {
			want := fmt.Sprintf("pages of %s/%d", s.namespace, i)
			if text, err := get(fmt.Sprintf("%s/%d", url, i)); err != nil || text != want {
				t.Errorf("got %q, %v; want %q", text, err, want)
			}
		})
	}
	visitors.Wait()
}

func TestLoad_TenDashboardsLeaveNothingBehind(t *testing.T) {
	s := steadyStage(t)
	time.Sleep(200 * time.Millisecond)
	before := used()
	var all sync.WaitGroup
	for range 10 {
		session, stop := s.keep(t)
		all.Go(func() {
			defer stop()
			s.visit(t, session.URL, 20)
		})
	}
	all.Wait()
	returnsTo(t, before)
}

// One that nobody has installed and one whose way breaks are no matter of the others.
func TestLoad_TenInOneGroupDoNotMindEachOther(t *testing.T) {
	s := steadyStage(t)
	broken := &breaking{Cluster: s.cluster}
	time.Sleep(200 * time.Millisecond)
	before := used()
	var members []dashboard.Member
	for i := range 10 {
		member := dashboard.Member{Dashboard: s.dashboard, Options: dashboard.Options{Namespace: s.namespace, AnyPort: true}}
		if i == 0 {
			member.Options.Selector = "app=nobody"
		}
		members = append(members, member)
	}
	ctx, cancel := context.WithCancel(t.Context())
	group := dashboard.NewGroup(members, broken, time.Now)
	ended := make(chan error, 1)
	go func() { ended <- group.Run(ctx) }()
	<-group.Settled()
	visitAll := func() {
		t.Helper()
		var all sync.WaitGroup
		statuses, _ := group.Statuses()
		for i, status := range statuses {
			if (status.Phase == dashboard.Failed) != (i == 0) {
				t.Errorf("%d is %s: %v", i, status.Phase, status.Err)
			}
			if status.Session != nil {
				all.Go(func() { s.visit(t, status.Session.URL, 20) })
			}
		}
		all.Wait()
	}
	visitAll()
	broken.breakOne(t)
	visitAll()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	returnsTo(t, before)
}

// breaking is a cluster one of whose tunnels can be broken.
type breaking struct {
	dashboard.Cluster
	mu      sync.Mutex
	tunnels []dashboard.Tunnel
}

func (b *breaking) Tunnel(ctx context.Context, pod object.Ref, port int) (dashboard.Tunnel, error) {
	tunnel, err := b.Cluster.Tunnel(ctx, pod, port)
	if err == nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.tunnels = append(b.tunnels, tunnel)
	}
	return tunnel, err
}

func (b *breaking) breakOne(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.tunnels) != 9 {
		t.Errorf("%d tunnels, want one for each dashboard that is there", len(b.tunnels))
	}
	b.tunnels[0].Close()
}

func TestLoad_200RequestsAtOnceLeaveNothingBehind(t *testing.T) {
	s := steadyStage(t)
	before := used()
	session, stop := s.keep(t)
	s.visit(t, session.URL, 200)
	s.visit(t, session.URL, 200)
	stop()
	returnsTo(t, before)
}

func TestLoad_AGigabyteLeavesNothingBehind(t *testing.T) {
	const size = 1 << 30
	s := steadyStage(t)
	block := make([]byte, 1<<20)
	s.answer(t, func(w http.ResponseWriter, _ *http.Request) {
		for range size / len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	before := used()
	session, stop := s.keep(t)
	begin := time.Now()
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(session.URL + "/big")
	if err != nil {
		t.Fatal(err)
	}
	received, err := io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	if err != nil || received != size {
		t.Errorf("got %d bytes, %v; want %d", received, err, size)
	}
	t.Logf("1 GiB in %s", time.Since(begin))
	stop()
	returnsTo(t, before)
}

// answer lets another handler answer below /big.
func (s stage) answer(t *testing.T, handler http.HandlerFunc) {
	t.Helper()
	s.big.Store(&handler)
	t.Cleanup(func() { s.big.Store(nil) })
}
