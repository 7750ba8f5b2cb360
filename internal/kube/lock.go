package kube

import (
	"context"
	"fmt"
	"time"

	coordination "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/meshctl/meshctl/internal/object"
)

const (
	// leaseDuration is how long a holder may be silent before another takes over.
	leaseDuration = 15 * time.Second
	// renewEvery leaves room for two failures.
	renewEvery = 5 * time.Second
	// askEvery is how often a waiting process looks whether the lease is free.
	askEvery = time.Second
)

// LockOptions name a lock and who wants it.
type LockOptions struct {
	Namespace string
	Name      string
	// Holder tells others who holds the lock: "jane@laptop".
	Holder string
	// Waiting is called when another holds the lock, and again when the holder changes.
	Waiting func(holder string, since time.Time)
}

// LockLostError is a lock that could not be kept: another process took it over,
// or it could not be renewed in time.
type LockLostError struct {
	Ref object.Ref
	Err error
}

func (e *LockLostError) Error() string {
	return "lost the lock " + e.Ref.String() + ": " + e.Err.Error()
}

func (e *LockLostError) Unwrap() error { return e.Err }

// Lock is a Lease held in the cluster, so that only one process changes
// the mesh at a time. The protocol is that of client-go's leader election; what is
// different is that a released lock leaves no object behind.
type Lock struct {
	leases leases
	ctx    context.Context
	lose   context.CancelCauseFunc
	// stop ends the renewals, and renewed is closed when they have ended; lease
	// is theirs until then.
	stop    context.CancelFunc
	renewed chan struct{}
	lease   *coordination.Lease
}

// Lock waits until no other live process holds the lock, and takes it. The
// namespace must exist. The lock is renewed until Release, even after ctx
// has ended, so that cleaning up after an interrupt is still under it.
func (c *Cluster) Lock(ctx context.Context, options LockOptions) (*Lock, error) {
	leases, err := c.leasesOf(options)
	if err != nil {
		return nil, err
	}
	taken, err := leases.take(ctx, options.Waiting)
	if err != nil {
		return nil, c.explain(ctx, "taking the lock "+leases.ref().String(), leases.ref(), err)
	}
	lock := &Lock{leases: leases, lease: taken, renewed: make(chan struct{})}
	lock.ctx, lock.lose = context.WithCancelCause(ctx)
	renewing, stop := context.WithCancel(context.WithoutCancel(ctx))
	lock.stop = stop
	go lock.renew(renewing)
	return lock, nil
}

// Context ends with the context given to Lock, and when the lock is lost or
// released. context.Cause then tells a LockLostError.
func (l *Lock) Context() context.Context { return l.ctx }

// Release stops renewing and deletes the lease, unless another process has it.
func (l *Lock) Release(ctx context.Context) error {
	l.stop()
	<-l.renewed
	l.lose(nil)
	err := l.leases.remove(ctx, l.lease)
	if err != nil && !outdated(err) {
		return l.leases.cluster.explain(ctx, "releasing the lock "+l.leases.ref().String(), l.leases.ref(), err)
	}
	return nil
}

// renew keeps the lease until it is told to stop or loses it.
func (l *Lock) renew(ctx context.Context) {
	defer close(l.renewed)
	for {
		err := l.renewOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			l.lose(&LockLostError{Ref: l.leases.ref(), Err: err})
			return
		}
	}
}

// renewOnce renews the lease after a while, and tries until shortly before
// another process may take it.
func (l *Lock) renewOnce(ctx context.Context) error {
	const retryEvery, margin = time.Second, 3 * time.Second
	ctx, cancel := context.WithTimeout(ctx, leaseDuration-margin)
	defer cancel()
	var failure error
	for delay := renewEvery; pause(ctx, delay) == nil; delay = retryEvery {
		// One request that hangs must not use up all the time.
		once, done := context.WithTimeout(ctx, renewEvery)
		lease, err := l.leases.keep(once, l.lease)
		done()
		switch {
		case err == nil:
			l.lease = lease
			return nil
		case outdated(err):
			return fmt.Errorf("another process took it: %w", err)
		}
		failure = err
	}
	return fmt.Errorf("renewing it: %w", failure)
}

// stamp is the time in the form in which leases carry it.
func stamp() *metav1.MicroTime {
	now := metav1.NowMicro()
	return &now
}
