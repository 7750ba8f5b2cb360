package kube

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/meshctl/meshctl/internal/object"
)

// LogOptions choose a part of a container's log.
type LogOptions struct {
	// Tail is the number of last lines; 0 means all.
	Tail int64
	// Previous asks for the log of the container before its last restart.
	Previous bool
}

// Logs reads lines that a container has written. An empty container means the
// only one of the pod, or the one the pod names as its default.
func (c *Cluster) Logs(ctx context.Context, namespace, pod, container string, options LogOptions) ([]string, error) {
	request := c.discovery.RESTClient().Get().AbsPath("/api/v1").Namespace(namespace).Resource("pods").Name(pod).SubResource("log")
	if container != "" {
		request.Param("container", container)
	}
	if options.Tail > 0 {
		request.Param("tailLines", strconv.FormatInt(options.Tail, 10))
	}
	if options.Previous {
		request.Param("previous", "true")
	}
	var text []byte
	err := c.do(ctx, func(ctx context.Context) (err error) {
		answer := request.Do(ctx)
		if err := answer.Error(); err != nil {
			return err
		}
		text, err = answer.Raw()
		return err
	})
	ref := object.Ref{Kind: "Pod", Namespace: namespace, Name: pod}
	switch doing := "reading the log of " + ref.String(); {
	case apierrors.IsBadRequest(err) && ctx.Err() == nil:
		return nil, fmt.Errorf("%s: %w", doing, err) // nothing is invalid: the container has not started
	case err != nil:
		return nil, c.explain(ctx, doing, ref, err)
	}
	if len(text) == 0 {
		return nil, nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), nil
}

// LastLines are the last words of a container that crashed: the end of the log
// of its previous run, else of this one.
func (c *Cluster) LastLines(ctx context.Context, namespace, pod, container string, lines int64) ([]string, error) {
	previous, err := c.Logs(ctx, namespace, pod, container, LogOptions{Tail: lines, Previous: true})
	if err == nil || ctx.Err() != nil {
		return previous, err
	}
	return c.Logs(ctx, namespace, pod, container, LogOptions{Tail: lines})
}
