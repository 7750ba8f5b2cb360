// Package entryaddress finds ServiceEntries for TCP without any address.
package entryaddress

import (
	_ "embed"
	"fmt"
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
	metadata := pass.Mesh.Config().Spec.GetDefaultConfig().GetProxyMetadata()
	if proxiesAllocate(metadata) {
		return nil
	}
	captured := metadata["ISTIO_META_DNS_CAPTURE"] == "true"
	for entry := range pass.Mesh.ServiceEntries().All() {
		if len(entry.Spec.Addresses) > 0 || hasStatusAddress(entry.Resource) {
			continue
		}
		why, missing := unallocated(entry)
		if !missing && captured {
			continue
		}
		for i, port := range entry.Spec.Ports {
			if protocol := port.GetProtocol(); protocol == "" || strings.EqualFold(protocol, "TCP") {
				pass.Report(finding(entry, i, why, missing))
			}
		}
	}
	return nil
}

// finding is about a port: that there is no address, or that sidecars do not know
// the one that istiod allocates.
func finding(entry analyze.Of[networking.ServiceEntry], i int, why string, missing bool) analyze.Diagnostic {
	number, hosts := entry.Spec.Ports[i].GetNumber(), strings.Join(entry.Spec.Hosts, ", ")
	d := analyze.Diagnostic{Code: noAddress, On: entry, Field: object.Field("spec.ports", i, "protocol")}
	if missing {
		d.Message = fmt.Sprintf("port %d is for TCP and there is no address, nor does istiod allocate one %s: connections to this port number go to %s whatever their destination", number, why, hosts)
		return d
	}
	d.Severity = analyze.Info
	d.Message = fmt.Sprintf("port %d is for TCP and has only the address that istiod allocates, which sidecars use if they capture DNS: for others, connections to this port number go to %s whatever their destination", number, hosts)
	return d
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
