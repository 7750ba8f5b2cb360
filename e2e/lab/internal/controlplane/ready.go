package controlplane

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/meshctl/meshctl/e2e/lab/internal/kwok"
	"github.com/meshctl/meshctl/e2e/lab/internal/process"
)

const (
	// patience is for a machine that is busy building something else at the same time.
	patience = 90 * time.Second
	pause    = 20 * time.Millisecond
)

// NotReadyError says what did not come up in time, and what the component in charge of it wrote last.
type NotReadyError struct {
	What      string
	Component string
	LogFile   string
	Cause     error
	Tail      string
}

func (e *NotReadyError) Error() string {
	return fmt.Sprintf("%s not ready after %s: %v; last lines of %s:\n%s", e.What, patience, e.Cause, e.LogFile, e.Tail)
}

func (e *NotReadyError) Unwrap() error { return e.Cause }

// await asks again and again until the check passes, a component dies, or patience ends.
func (c *ControlPlane) await(ctx context.Context, what string, blame *process.Process, check func(context.Context) error) error {
	deadline := time.Now().Add(patience)
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return &NotReadyError{What: what, Component: blame.Name, LogFile: blame.LogFile, Cause: err, Tail: blame.Tail()}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
		case died := <-c.died:
			return died
		case <-time.After(pause):
		}
	}
}

func (c *ControlPlane) awaitReady(ctx context.Context) error {
	if err := c.await(ctx, "kubelet", c.process("kwok"), c.checkKubelet); err != nil {
		return err
	}
	err := c.await(ctx, "nodes", c.process("kwok"), func(ctx context.Context) error {
		return checkNodes(ctx, c.client, c.options.Nodes)
	})
	if err != nil {
		return err
	}
	// Pods are refused in a namespace until the controller manager has made this account.
	return c.await(ctx, "default service account", c.process("kube-controller-manager"), func(ctx context.Context) error {
		return c.client.Get(ctx, "/api/v1/namespaces/default/serviceaccounts/default", nil)
	})
}

func (c *ControlPlane) checkEtcd(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, plainURL(c.ports.etcd)+"/health", nil)
	if err != nil {
		return fmt.Errorf("preparing health request: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking etcd: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("etcd answers %s", response.Status)
	}
	return nil
}

func (c *ControlPlane) checkDefinitions(ctx context.Context) error {
	for _, d := range kwok.Definitions() {
		if err := c.client.Get(ctx, "/apis/kwok.x-k8s.io/v1alpha1/"+d.Plural, nil); err != nil {
			return err
		}
	}
	return nil
}

func (c *ControlPlane) checkKubelet(ctx context.Context) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(loopback, strconv.Itoa(c.ports.kubelet)))
	if err != nil {
		return fmt.Errorf("dialling kwok: %w", err)
	}
	return connection.Close()
}
