// Package prometheus asks a Prometheus server.
package prometheus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"github.com/meshctl/meshctl/internal/traffic"
)

// Server answers queries.
type Server struct {
	api     v1.API
	address string
	limit   time.Duration
}

// New is the server at a URL, which has to answer each query within a limit; 0 is
// none. A user and password in the URL are sent with each query.
func New(address string, limit time.Duration) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("reading the URL of Prometheus: %w", err)
	}
	transport := http.DefaultTransport
	if u.User != nil {
		transport = &authenticating{user: u.User, next: transport}
		u.User = nil
	}
	client, err := api.NewClient(api.Config{Address: u.String(), RoundTripper: transport})
	if err != nil {
		return nil, fmt.Errorf("reading the URL of Prometheus: %w", err)
	}
	return &Server{api: v1.NewAPI(client), address: u.String(), limit: limit}, nil
}

// authenticating sends a name and a password.
type authenticating struct {
	user *url.Userinfo
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (a *authenticating) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	password, _ := a.user.Password()
	request.SetBasicAuth(a.user.Username(), password)
	return a.next.RoundTrip(request)
}

// UnreachableError is a server that does not answer as Prometheus does.
type UnreachableError struct {
	Address string
	Err     error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("asking Prometheus at %s: %v", e.Address, e.Err)
}
func (e *UnreachableError) Unwrap() error { return e.Err }

// SlowError is a server that took longer to answer than it may.
type SlowError struct {
	Address string
	Limit   time.Duration
}

func (e *SlowError) Error() string {
	return fmt.Sprintf("asking Prometheus at %s: no answer in %s", e.Address, e.Limit)
}

// unanswered tells a server that is not there, or is no Prometheus, from one that does not like the query.
func (s *Server) unanswered(query string, err error) error {
	if refused, ok := errors.AsType[*v1.Error](err); ok {
		if refused.Type != v1.ErrClient && refused.Type != v1.ErrServer && refused.Type != v1.ErrBadResponse {
			return fmt.Errorf("asking Prometheus for %s: %w", query, err)
		}
		err = errors.New(refused.Msg)
	}
	// The address is said already.
	if lost, ok := errors.AsType[*url.Error](err); ok {
		err = lost.Err
	}
	return &UnreachableError{Address: s.address, Err: err}
}

// Query implements traffic.Source.
func (s *Server) Query(ctx context.Context, query string, at time.Time) ([]traffic.Sample, error) {
	asking := ctx
	if s.limit > 0 {
		var cancel context.CancelFunc
		asking, cancel = context.WithTimeout(ctx, s.limit)
		defer cancel()
	}
	value, _, err := s.api.Query(asking, query, at)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && asking.Err() != nil:
		return nil, &SlowError{Address: s.address, Limit: s.limit}
	case err != nil:
		return nil, s.unanswered(query, err)
	}
	vector, ok := value.(model.Vector)
	if !ok {
		return nil, fmt.Errorf("asking Prometheus for %s: got a %s, want a vector", query, value.Type())
	}
	samples := make([]traffic.Sample, len(vector))
	for i, sample := range vector {
		labels := make(map[string]string, len(sample.Metric))
		for name, value := range sample.Metric {
			labels[string(name)] = string(value)
		}
		samples[i] = traffic.Sample{Labels: labels, Value: float64(sample.Value)}
	}
	return samples, nil
}
