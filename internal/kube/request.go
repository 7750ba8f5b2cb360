package kube

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/util/wait"
)

// do sends one idempotent request under the request timeout, and again when
// the failure is one that passes.
//
// client-go itself repeats what comes with a Retry-After header, and reads whose
// connection broke. What it leaves to us: broken connections of writes,
// and failures of the store behind the API server.
func (c *Cluster) do(ctx context.Context, request func(context.Context) error) error {
	pauses := wait.Backoff{Duration: 100 * time.Millisecond, Factor: 2.5, Jitter: 0.2, Steps: 6}
	for {
		err := c.once(ctx, request)
		if err == nil || pauses.Steps == 1 || !c.passes(ctx, err) {
			return err
		}
		if pause(ctx, pauses.Step()) != nil {
			return err
		}
	}
}

func (c *Cluster) once(ctx context.Context, request func(context.Context) error) error {
	if c.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.timeout)
		defer cancel()
	}
	err := request(ctx)
	var status apierrors.APIStatus
	if err == nil || errors.As(err, &status) {
		c.answered.Store(true)
	}
	return err
}

// passes tells whether an error is likely to be gone in a moment.
func (c *Cluster) passes(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		if _, repeated := apierrors.SuggestsClientDelay(err); repeated {
			return false // by client-go, as often as is reasonable
		}
		switch status.Status().Code {
		case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusBadGateway:
			return true
		case http.StatusInternalServerError:
			return storeHiccup(status.Status().Message)
		}
		return false
	}
	if utilnet.IsConnectionRefused(err) {
		return c.answered.Load()
	}
	return utilnet.IsConnectionReset(err) || utilnet.IsProbableEOF(err) || utilnet.IsHTTP2ConnectionLost(err) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.EPIPE)
}

// storeHiccup knows the messages of an etcd that is changing its leader.
func storeHiccup(message string) bool {
	for _, words := range []string{"etcdserver: leader changed", "etcdserver: request timed out", "etcdserver: no leader", "etcdserver: too many requests"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}

// pause waits, or returns the context's error as soon as that ends.
func pause(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
