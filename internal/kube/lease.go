package kube

import (
	"context"
	"strings"
	"time"

	coordination "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/uuid"
	clients "k8s.io/client-go/kubernetes/typed/coordination/v1"

	"github.com/meshctl/meshctl/internal/object"
)

// leases reads and writes one Lease on behalf of one holder.
//
// Clocks of machines differ, so no process compares its time with another's:
// a lease has expired when it has not changed for its duration while we looked.
type leases struct {
	cluster   *Cluster
	client    clients.LeaseInterface
	namespace string
	name      string
	// identity is the holder with something random, so that two processes with
	// the same name do not take each other's lease for their own.
	identity string
}

const identitySeparator = "_"

func (c *Cluster) leasesOf(options LockOptions) (leases, error) {
	client, err := clients.NewForConfigAndClient(c.config, c.http)
	if err != nil {
		return leases{}, err
	}
	return leases{
		cluster: c, client: client.Leases(options.Namespace),
		namespace: options.Namespace, name: options.Name,
		identity: options.Holder + identitySeparator + string(uuid.NewUUID()),
	}, nil
}

func (l leases) ref() object.Ref {
	return object.Ref{Group: coordination.GroupName, Kind: "Lease", Namespace: l.namespace, Name: l.name}
}

// take waits until the lease is free or has expired. waiting may be nil.
func (l leases) take(ctx context.Context, waiting func(string, time.Time)) (*coordination.Lease, error) {
	var (
		seen, holder string
		expired      bool
		expiry       = time.NewTimer(leaseDuration)
		tick         = time.NewTicker(askEvery)
	)
	defer expiry.Stop()
	defer tick.Stop()
	for {
		current, err := l.get(ctx)
		if apierrors.IsNotFound(err) {
			if current, err = l.create(ctx); !apierrors.IsAlreadyExists(err) {
				return current, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if current.ResourceVersion != seen {
			seen, expired = current.ResourceVersion, false
			expiry.Reset(durationOf(current))
		}
		if expired || l.free(current) {
			if current, err = l.seize(ctx, current); !outdated(err) {
				return current, err
			}
			continue
		}
		if by := holderOf(current); by != holder && waiting != nil {
			holder = by
			waiting(displayed(by), acquired(current))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-expiry.C:
			expired = true
		case <-tick.C:
		}
	}
}

// keep renews a lease that is ours, and returns it as it is then.
func (l leases) keep(ctx context.Context, lease *coordination.Lease) (*coordination.Lease, error) {
	renewed := lease.DeepCopy()
	renewed.Spec.RenewTime = stamp()
	written, err := l.update(ctx, renewed)
	if !apierrors.IsConflict(err) {
		return written, err
	}
	// A renewal whose answer was lost looks like another writer.
	current, unseen := l.get(ctx)
	switch {
	case unseen != nil:
		return nil, unseen // on a slow cluster nobody need have taken it: that shows at the next try
	case holderOf(current) == l.identity:
		return current, nil
	}
	return nil, err
}

func (l leases) get(ctx context.Context) (lease *coordination.Lease, err error) {
	err = l.cluster.do(ctx, func(ctx context.Context) error {
		lease, err = l.client.Get(ctx, l.name, metav1.GetOptions{})
		return err
	})
	return lease, err
}

func (l leases) create(ctx context.Context) (created *coordination.Lease, err error) {
	lease := &coordination.Lease{ObjectMeta: metav1.ObjectMeta{
		Name: l.name, Namespace: l.namespace,
		Labels: map[string]string{"app.kubernetes.io/managed-by": Manager},
	}}
	l.sign(lease)
	err = l.cluster.do(ctx, func(ctx context.Context) error {
		created, err = l.client.Create(ctx, lease, metav1.CreateOptions{FieldManager: Manager})
		return err
	})
	return created, err
}

// seize makes another's lease ours, if it is still as we saw it.
func (l leases) seize(ctx context.Context, current *coordination.Lease) (*coordination.Lease, error) {
	lease := current.DeepCopy()
	l.sign(lease)
	return l.update(ctx, lease)
}

func (l leases) update(ctx context.Context, lease *coordination.Lease) (updated *coordination.Lease, err error) {
	err = l.cluster.do(ctx, func(ctx context.Context) error {
		updated, err = l.client.Update(ctx, lease, metav1.UpdateOptions{FieldManager: Manager})
		return err
	})
	return updated, err
}

// remove deletes the lease if it is still as we wrote it.
func (l leases) remove(ctx context.Context, lease *coordination.Lease) error {
	unchanged := metav1.Preconditions{UID: &lease.UID, ResourceVersion: &lease.ResourceVersion}
	return l.cluster.do(ctx, func(ctx context.Context) error {
		return l.client.Delete(ctx, l.name, metav1.DeleteOptions{Preconditions: &unchanged})
	})
}

// sign writes us into a lease as its new holder.
func (l leases) sign(lease *coordination.Lease) {
	seconds, transitions := int32(leaseDuration/time.Second), int32(0)
	if before := lease.Spec.LeaseTransitions; before != nil {
		transitions = *before + 1
	}
	now := stamp()
	lease.Spec = coordination.LeaseSpec{
		HolderIdentity: &l.identity, LeaseDurationSeconds: &seconds,
		AcquireTime: now, RenewTime: now, LeaseTransitions: &transitions,
	}
}

// free tells a lease that nobody holds. Our own is one: its first answer was lost.
func (l leases) free(lease *coordination.Lease) bool {
	holder := holderOf(lease)
	return holder == "" || holder == l.identity
}

func holderOf(lease *coordination.Lease) string {
	if lease.Spec.HolderIdentity == nil {
		return ""
	}
	return *lease.Spec.HolderIdentity
}

// displayed is a holder without the random part.
func displayed(identity string) string {
	if end := strings.LastIndex(identity, identitySeparator); end > 0 {
		return identity[:end]
	}
	return identity
}

func acquired(lease *coordination.Lease) time.Time {
	if lease.Spec.AcquireTime == nil {
		return time.Time{}
	}
	return lease.Spec.AcquireTime.Time
}

func durationOf(lease *coordination.Lease) time.Duration {
	if lease.Spec.LeaseDurationSeconds == nil {
		return leaseDuration
	}
	return time.Duration(*lease.Spec.LeaseDurationSeconds) * time.Second
}

// outdated tells that the lease changed or went away while we wrote it.
func outdated(err error) bool { return apierrors.IsConflict(err) || apierrors.IsNotFound(err) }
