// Package entryaddress finds ServiceEntries for TCP without any address.
package entryaddress

import (
	_ "embed"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0134.md
var ist0134 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "entryaddress",
	Legacy: []string{"serviceentry.Analyzer"},
	Doc:    "ServiceEntries for TCP have addresses, or get one.",
	Needs:  []analyze.Kind{analyze.ServiceEntry},
	Uses:   []analyze.Kind{analyze.MeshConfig},
	Codes:  []*analyze.Code{noAddress},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var noAddress = &analyze.Code{ID: "IST0134", Severity: analyze.Warning, Title: "A ServiceEntry for TCP has no address", Doc: ist0134}

func run(pass *analyze.Pass) error {
	if proxiesAllocate(pass.Mesh.Config().Spec.GetDefaultConfig().GetProxyMetadata()) {
		return nil
	}
	for entry := range pass.Mesh.ServiceEntries().All() {
		if len(entry.Spec.Addresses) > 0 || hasStatusAddress(entry.Resource) {
			continue
		}
		why, missing := unallocated(entry)
		if !missing {
			continue
		}
		for i, port := range entry.Spec.Ports {
			if protocol := port.GetProtocol(); protocol == "" || strings.EqualFold(protocol, "TCP") {
				pass.Reportf(noAddress, entry, object.Field("spec.ports", i, "protocol"),
					"port %d is for TCP and there is no address, nor does istiod allocate one %s: connections to this port number go to %s whatever their destination",
					port.GetNumber(), why, strings.Join(entry.Spec.Hosts, ", "))
			}
		}
	}
	return nil
}

// proxiesAllocate knows the settings with which an address was allocated before
// istiod did so by itself.
func proxiesAllocate(metadata map[string]string) bool {
	return metadata["ISTIO_META_DNS_CAPTURE"] == "true" &&
		(metadata["ISTIO_META_DNS_AUTO_ALLOCATE"] == "true" || metadata["PILOT_ENABLE_IP_AUTOALLOCATE"] == "true")
}

func hasStatusAddress(r *analyze.Resource) bool {
	addresses, _ := r.Status["addresses"].([]any)
	return len(addresses) > 0
}

// unallocated says why istiod allocates no address for an entry.
func unallocated(entry analyze.Of[networking.ServiceEntry]) (why string, missing bool) {
	switch {
	case entry.Spec.Resolution == networking.ServiceEntry_NONE:
		return "for resolution NONE", true
	case strings.EqualFold(entry.Labels["networking.istio.io/enable-autoallocate-ip"], "false"):
		return "because of the label", true
	}
	for _, host := range entry.Spec.Hosts {
		if !strings.HasPrefix(host, "*") {
			return "", false
		}
	}
	return "for wildcards", true
}
