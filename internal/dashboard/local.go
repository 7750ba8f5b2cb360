package dashboard

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// local serves the pages of a dashboard that is part of this program.
type local struct {
	server *http.Server
	failed chan error
}

func (s *Session) openLocal(ctx context.Context) (*Session, error) {
	handler, err := s.dashboard.Serve(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.listen(ctx, s.dashboard.Port); err != nil {
		return nil, err
	}
	s.local = &local{
		server: &http.Server{
			Handler:           guard(s.options.Address, handler),
			ReadHeaderTimeout: time.Minute,
			BaseContext:       func(net.Listener) context.Context { return ctx },
			ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		},
		failed: make(chan error, len(s.listeners)),
	}
	for _, listener := range s.listeners {
		go func() {
			if err := s.local.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				s.local.failed <- err
			}
		}()
	}
	s.forget = context.AfterFunc(ctx, s.end)
	s.RemotePort = s.Port
	s.url(s.dashboard.Path)
	if page := s.options.Page; page != nil {
		s.URL = s.Base + page.Link(s.options.About)
	}
	return s, nil
}

func (l *local) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-l.failed:
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
}

func (l *local) close() { _ = l.server.Close() } // nobody is left to tell

// guard keeps pages of other sites out that have made the browser believe that
// they live at a loopback address: they still ask for their own name. Whoever
// listens on other addresses is known there by names that nobody can list.
func guard(address string, next http.Handler) http.Handler {
	if !isLoopback(address) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if !isLoopback(host) {
			http.Error(w, "this page is for localhost only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == localhost || (err == nil && ip.IsLoopback())
}
