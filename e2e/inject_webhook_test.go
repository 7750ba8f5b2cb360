package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"

	admission "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/cli"
)

// injector stands in for istiod's webhook, which no lab has: it makes the
// webhooks of the default revision ask it, answers with what meshctl makes of a
// pod by the configuration in the cluster, and goes on until it is interrupted.
// With the argument "drifted" its proxies have a variable more.
func injector() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	drifted := len(os.Args) > 1 && os.Args[1] == "drifted"
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		review := admission.AdmissionReview{}
		if err := json.NewDecoder(r.Body).Decode(&review); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		answer := &admission.AdmissionResponse{UID: review.Request.UID}
		patch, err := injectedPatch(r.Context(), review.Request.Object.Raw, drifted)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		kind := admission.PatchTypeJSONPatch
		answer.Allowed, answer.Patch, answer.PatchType = true, patch, &kind
		review.Response, review.Request = answer, nil
		_ = json.NewEncoder(w).Encode(review)
	}))
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	var patches []map[string]any
	for i := range 4 {
		patches = append(patches, map[string]any{
			"op": "replace", "path": fmt.Sprintf("/webhooks/%d/clientConfig", i), "value": map[string]any{"url": server.URL + "/inject", "caBundle": ca},
		})
	}
	patch, err := json.Marshal(patches)
	if err == nil {
		err = runKubectl(ctx, []string{"patch", "mutatingwebhookconfiguration", "istio-sidecar-injector", "--type", "json", "-p", string(patch)})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "injector:", err)
		return
	}
	if err := os.WriteFile("injector.ready", []byte("ready"), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, "injector:", err)
		return
	}
	<-ctx.Done()
}

// injectedPatch replaces what an injection changes.
func injectedPatch(ctx context.Context, pod []byte, drifted bool) ([]byte, error) {
	var out, problems bytes.Buffer
	args := []string{"meshctl", "inject", "--quiet", "-f", "-", "--from-cluster"}
	if code := cli.Main(ctx, args, io.MultiReader(bytes.NewReader(withKind(pod)), strings.NewReader("\n")), &out, &problems, os.Environ()); code != 0 {
		return nil, fmt.Errorf("meshctl inject ends with %d: %s", code, &problems)
	}
	injected := corev1.Pod{}
	if err := yaml.Unmarshal(out.Bytes(), &injected); err != nil {
		return nil, err
	}
	for _, list := range [][]corev1.Container{injected.Spec.InitContainers, injected.Spec.Containers} {
		for i := range list {
			if drifted && list[i].Name == "istio-proxy" {
				list[i].Env = append(list[i].Env, corev1.EnvVar{Name: "DRIFTED", Value: "by hand"})
			}
		}
	}
	return json.Marshal([]map[string]any{
		{"op": "add", "path": "/metadata/labels", "value": injected.Labels},
		{"op": "add", "path": "/metadata/annotations", "value": injected.Annotations},
		{"op": "replace", "path": "/spec", "value": injected.Spec},
	})
}

// withKind says what the object of a review is, if it does not say so itself.
func withKind(pod []byte) []byte {
	fields := map[string]any{}
	if json.Unmarshal(pod, &fields) != nil {
		return pod
	}
	fields["apiVersion"], fields["kind"] = "v1", "Pod"
	text, err := json.Marshal(fields)
	if err != nil {
		return pod
	}
	return text
}
