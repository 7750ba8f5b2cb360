package kube

import (
	"context"
	"fmt"

	helmdriver "helm.sh/helm/v3/pkg/storage/driver"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clients "k8s.io/client-go/kubernetes/typed/core/v1"

	"github.com/meshctl/meshctl/internal/object"
)

// ReleaseDriver keeps Helm releases in Secrets of a namespace, exactly as Helm
// does. Helm's drivers take no context, so the one given here bounds all
// requests of the driver.
func (c *Cluster) ReleaseDriver(ctx context.Context, namespace string) (helmdriver.Driver, error) {
	client, err := clients.NewForConfigAndClient(c.config, c.http)
	if err != nil {
		return nil, fmt.Errorf("preparing the release storage: %w", err)
	}
	return helmdriver.NewSecrets(&secrets{
		SecretInterface: client.Secrets(namespace), cluster: c, ctx: ctx, namespace: namespace,
	}), nil
}

// secrets is a SecretInterface under a context, with the retries and errors of
// this package. It covers the methods that Helm calls.
type secrets struct {
	clients.SecretInterface
	cluster   *Cluster
	ctx       context.Context
	namespace string
}

func (s *secrets) Get(_ context.Context, name string, options metav1.GetOptions) (found *corev1.Secret, err error) {
	err = s.do("reading", name, func(ctx context.Context) (err error) {
		found, err = s.SecretInterface.Get(ctx, name, options)
		return err
	})
	return found, err
}

func (s *secrets) List(_ context.Context, options metav1.ListOptions) (found *corev1.SecretList, err error) {
	err = s.do("listing", "", func(ctx context.Context) (err error) {
		found, err = s.SecretInterface.List(ctx, options)
		return err
	})
	return found, err
}

func (s *secrets) Create(_ context.Context, secret *corev1.Secret, options metav1.CreateOptions) (created *corev1.Secret, err error) {
	err = s.do("creating", secret.Name, func(ctx context.Context) (err error) {
		created, err = s.SecretInterface.Create(ctx, secret, options)
		return err
	})
	return created, err
}

func (s *secrets) Update(_ context.Context, secret *corev1.Secret, options metav1.UpdateOptions) (updated *corev1.Secret, err error) {
	err = s.do("updating", secret.Name, func(ctx context.Context) (err error) {
		updated, err = s.SecretInterface.Update(ctx, secret, options)
		return err
	})
	return updated, err
}

func (s *secrets) Delete(_ context.Context, name string, options metav1.DeleteOptions) error {
	return s.do("deleting", name, func(ctx context.Context) error {
		return s.SecretInterface.Delete(ctx, name, options)
	})
}

// do leaves those answers as they are that Helm tells apart by itself.
func (s *secrets) do(doing, name string, request func(context.Context) error) error {
	err := s.cluster.do(s.ctx, request)
	if err == nil || apierrors.IsAlreadyExists(err) || apierrors.IsNotFound(err) && !s.namespaceMissing(err) {
		return err
	}
	ref := object.Ref{Kind: "Secret", Namespace: s.namespace, Name: name}
	return s.cluster.explain(s.ctx, doing+" the release record", ref, err)
}

func (s *secrets) namespaceMissing(err error) bool {
	status := statusOf(err)
	return status != nil && status.Details != nil && status.Details.Kind == "namespaces"
}
