// Package remotewebhook finds webhooks of external control planes with addresses
// that cannot work.
package remotewebhook

import (
	_ "embed"
	"net/netip"
	"net/url"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0163.md
var ist0163 string

//go:embed IST0164.md
var ist0164 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "remotewebhook",
	Legacy: []string{"externalcontrolplane.ExternalControlPlaneAnalyzer"},
	Doc:    "Webhooks reach an external control plane by a host name.",
	Needs:  []analyze.Kind{analyze.ValidatingWebhook, analyze.MutatingWebhook},
	Codes:  []*analyze.Code{invalid, address},
	Run:    run,
}

//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	invalid = &analyze.Code{ID: "IST0163", Severity: analyze.Warning, Title: "A webhook has no usable address", Doc: ist0163}
	address = &analyze.Code{ID: "IST0164", Severity: analyze.Info, Title: "A webhook reaches the control plane by an IP address", Doc: ist0164}
)

func run(pass *analyze.Pass) error {
	for configuration := range pass.Mesh.ValidatingWebhooks().All() {
		if configuration.Name == "istiod-default-validator" || strings.HasPrefix(configuration.Name, "istio-validator") {
			for i := range configuration.Spec.Webhooks {
				check(pass, configuration.Resource, i, configuration.Spec.Webhooks[i].Name, configuration.Spec.Webhooks[i].ClientConfig)
			}
		}
	}
	for configuration := range pass.Mesh.MutatingWebhooks().All() {
		if strings.HasPrefix(configuration.Name, "istio-sidecar-injector") {
			for i := range configuration.Spec.Webhooks {
				check(pass, configuration.Resource, i, configuration.Spec.Webhooks[i].Name, configuration.Spec.Webhooks[i].ClientConfig)
			}
		}
	}
	return nil
}

func check(pass *analyze.Pass, configuration *analyze.Resource, i int, name string, client admission.WebhookClientConfig) {
	at := object.Field("webhooks", i, "clientConfig")
	if client.URL == nil {
		if client.Service == nil {
			pass.Reportf(invalid, configuration, at, "webhook %s has neither a url nor a service, so the API server cannot call it", name)
		}
		return
	}
	at = at.With("url")
	parsed, err := url.Parse(*client.URL)
	switch {
	case err != nil:
		pass.Reportf(invalid, configuration, at, "the url of webhook %s cannot be read: %q", name, *client.URL)
	case parsed.Hostname() == "":
		pass.Reportf(invalid, configuration, at, "the url of webhook %s has no host: %q", name, *client.URL)
	case parsed.Scheme != "https":
		pass.Reportf(invalid, configuration, at, "the url of webhook %s does not begin with https, which the API server asks for: %q", name, *client.URL)
	case isAddress(parsed.Hostname()):
		pass.Reportf(address, configuration, at, "webhook %s is reached by the IP address %s, which certificates hardly have: use a host name", name, parsed.Hostname())
	}
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
