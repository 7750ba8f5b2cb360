package kube_test

import (
	"context"
	"errors"
	"testing"

	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage"
	"helm.sh/helm/v3/pkg/storage/driver"

	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/kube/kubetest"
)

func TestReleaseDriver_KeepsReleases(t *testing.T) {
	cluster := kubetest.Cluster(t)
	namespace := kubetest.Namespace(t, cluster)
	secrets, err := cluster.ReleaseDriver(t.Context(), namespace)
	if err != nil {
		t.Fatal(err)
	}
	releases := storage.Init(secrets)
	if _, err := releases.Last("istio"); !errors.Is(err, driver.ErrReleaseNotFound) {
		t.Errorf("Last of nothing: %v", err)
	}
	record := &release.Release{Name: "istio", Version: 1, Namespace: namespace, Manifest: "a", Info: &release.Info{Status: release.StatusDeployed}}
	if err := releases.Create(record); err != nil {
		t.Fatal(err)
	}
	if err := releases.Create(record); !errors.Is(err, driver.ErrReleaseExists) {
		t.Errorf("creating it twice: %v", err)
	}
	record.Manifest = "b"
	if err := releases.Update(record); err != nil {
		t.Fatal(err)
	}
	last, err := releases.Last("istio")
	if err != nil || last.Manifest != "b" {
		t.Errorf("Last: %+v, %v", last, err)
	}
	if _, err := releases.Delete("istio", 1); err != nil {
		t.Error(err)
	}
}

func TestReleaseDriver_TellsWhatIsWrong(t *testing.T) {
	kubetest.Kubeconfig(t)
	jane := kubetest.Connect(t, kube.Options{As: "jane"})
	secrets, err := jane.ReleaseDriver(t.Context(), "default")
	if err != nil {
		t.Fatal(err)
	}
	var forbidden *kube.ForbiddenError
	if _, err := storage.Init(secrets).ListReleases(); !errors.As(err, &forbidden) || forbidden.Resource != "secrets" {
		t.Errorf("without rights: %v", err)
	}
	record := &release.Release{Name: "istio", Version: 1, Info: &release.Info{Status: release.StatusDeployed}}
	if secrets, err = kubetest.Cluster(t).ReleaseDriver(t.Context(), "nowhere"); err != nil {
		t.Fatal(err)
	}
	var missing *kube.MissingNamespaceError
	if err := secrets.Create("key", record); !errors.As(err, &missing) {
		t.Errorf("without the namespace: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if secrets, err = kubetest.Cluster(t).ReleaseDriver(ctx, "default"); err != nil {
		t.Fatal(err)
	}
	if _, err := secrets.Get("key"); !errors.Is(err, context.Canceled) {
		t.Errorf("after an interrupt: %v", err)
	}
}
