package dashboard

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/meshctl/meshctl/internal/object"
)

// Options say where a dashboard is and where it shall appear.
type Options struct {
	Namespace string
	// Address is what to listen on: "localhost", which is also what empty means,
	// or an IP address.
	Address string
	// Port is the local port. 0 takes the one the pod has, or another if that
	// is not free.
	Port int
	// Notify takes what happens to the session; nil if nobody wants to know.
	Notify func(Event)
	// Patience is how long Wait looks for a pod before it gives up; 0 is standardPatience.
	Patience time.Duration
}

// standardPatience is longer than a node takes to come back or an image to be pulled.
const standardPatience = 5 * time.Minute

// Event is something that happened to a session.
type Event struct {
	State State
	// Pod is the one that was lost, or the one that takes its place.
	Pod object.Ref
	// Cause is why it was lost.
	Cause error
}

// State is what became of a session.
type State string

// The states that are told.
const (
	Lost     State = "lost"
	Restored State = "restored"
)

// Open brings a dashboard to a local port. The session ends with the context;
// Wait keeps it alive when its pod is replaced. When there is nothing to open,
// the error is a *NotInstalledError or a *NotReadyError.
func Open(ctx context.Context, d Dashboard, options Options, cluster Cluster) (*Session, error) {
	options.Address = cmp.Or(options.Address, "localhost")
	options.Patience = cmp.Or(options.Patience, standardPatience)
	s := &Session{dashboard: d, options: options, cluster: cluster}
	if err := s.connect(ctx, ctx); err != nil {
		return nil, err
	}
	s.Port = portAt(s.forward.LocalAddr())
	s.URL = "http://" + net.JoinHostPort(hostFor(options.Address), strconv.Itoa(s.Port)) + d.Path
	return s, nil
}

// hostFor is what a browser on this machine asks for who listens on address.
func hostFor(address string) string {
	if ip, err := netip.ParseAddr(address); err == nil && ip.IsUnspecified() {
		return "localhost"
	}
	return address
}

func portAt(address net.Addr) int {
	local, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return 0 // only a Forward that listens on something else than TCP
	}
	return int(local.Port())
}
