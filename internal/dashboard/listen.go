package dashboard

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"syscall"
)

const (
	localhost = "localhost"
	loopback4 = "127.0.0.1"
	loopback6 = "::1"
)

// inUseOnWindows is what Windows says for EADDRINUSE (WSAEADDRINUSE).
const inUseOnWindows = syscall.Errno(10048)

// listen opens the local end: a port of an address, or of both loopbacks. With
// anyPort it takes another where that one cannot be had.
func listen(ctx context.Context, address string, port int, anyPort bool) ([]net.Listener, error) {
	listeners, err := listenOn(ctx, address, port)
	if err != nil && anyPort && port != 0 {
		if others, otherwise := listenOn(ctx, address, 0); otherwise == nil {
			return others, nil
		}
	}
	return listeners, err
}

func listenOn(ctx context.Context, address string, port int) ([]net.Listener, error) {
	if address == localhost {
		return listenOnLocalhost(ctx, port)
	}
	listener, err := listenAt(ctx, address, port)
	if err != nil {
		return nil, err
	}
	return []net.Listener{listener}, nil
}

// listenOnLocalhost takes the same port of both loopbacks. Where somebody has
// one of them it takes neither: which of the two a browser asks is up to the
// browser.
func listenOnLocalhost(ctx context.Context, port int) ([]net.Listener, error) {
	const attempts = 10 // a port that is free on one loopback is seldom taken on the other
	var inUse *PortInUseError
	for range attempts {
		first, err := listenAt(ctx, loopback4, port)
		switch {
		case errors.As(err, &inUse):
			return nil, err
		case err != nil: // a machine with IPv6 only
			second, err := listenAt(ctx, loopback6, port)
			return []net.Listener{second}, err
		}
		second, err := listenAt(ctx, loopback6, first.Addr().(*net.TCPAddr).Port)
		switch {
		case err == nil:
			return []net.Listener{first, second}, nil
		case !errors.As(err, &inUse): // a machine without IPv6
			return []net.Listener{first}, nil
		}
		closeAll([]net.Listener{first})
		if port != 0 {
			return nil, err
		}
	}
	return nil, inUse
}

func listenAt(ctx context.Context, address string, port int) (net.Listener, error) {
	var how net.ListenConfig
	listener, err := how.Listen(ctx, "tcp", net.JoinHostPort(address, strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, inUseOnWindows) {
		return nil, &PortInUseError{Address: address, Port: port, Err: err}
	}
	return listener, err
}

func closeAll(listeners []net.Listener) {
	for _, listener := range listeners {
		_ = listener.Close() // nobody is left to tell
	}
}

// hostFor is what a browser on this machine asks for who listens on address.
func hostFor(address string) string {
	if ip, err := netip.ParseAddr(address); err == nil && ip.IsUnspecified() {
		return localhost
	}
	return address
}

func portAt(address net.Addr) int {
	local, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return 0 // only a listener of something else than TCP
	}
	return int(local.Port())
}
