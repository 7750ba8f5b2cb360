// Package platform knows the Kubernetes distributions and clouds a mesh may run
// on: how to recognise one, which settings follow from it, and what its users
// should hear before they install.
//
// It judges facts that its caller gathered, and asks no cluster itself.
package platform

import (
	"slices"
	"strings"
)

// Platform is a row of the table of platforms.
type Platform struct {
	// Name is what users call it on a command line.
	Name  string
	Title string
	// Overlay is the value of global.platform that the charts have settings
	// for; "" where the defaults fit.
	Overlay string

	signs []sign
	needs int // how many of the signs make it certain
}

// all is the table. The first row that fits a cluster is its platform, so that
// what is built on something else stands above it.
func all() []Platform {
	return []Platform{
		openShift(), gke(), eks(), aks(),
		oke(), ocne(), oci(),
		k3d(), rancherDesktop(), k3s(), rke2(),
		minikube(), microK8s(), dockerDesktop(), kind(), talos(),
	}
}

// Names lists the platforms, sorted.
func Names() []string {
	var names []string
	for _, p := range all() {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return names
}

// Find is a platform by its name.
func Find(name string) (Platform, bool) {
	for _, p := range all() {
		if strings.EqualFold(p.Name, name) {
			return p, true
		}
	}
	return Platform{}, false
}

// Oracle reports whether the platform can have Oracle's cloud below it.
func (p Platform) Oracle() bool {
	return p.Name == nameOKE || p.Name == nameOCI || p.Name == nameOCNE
}

// Settings are the settings that follow from the platform, by paths below an
// IstioOperator spec. Those of the CNI are left out without it: mentioning a
// component turns it on.
func (p Platform) Settings(cni bool) map[string]any {
	if p.Overlay == "" {
		return nil
	}
	settings := map[string]any{"values.global.platform": p.Overlay}
	if p.Name == nameGKE && cni {
		// That namespace has the quota for critical pods already.
		settings["components.cni.namespace"] = "kube-system"
		settings["values.cni.resourceQuotas.enabled"] = false
	}
	return settings
}

// Detection is a platform and why a cluster is taken for it.
type Detection struct {
	Platform Platform
	Evidence []string
}

// Detect recognises the platform of a cluster. Without one that fits, found is false.
func Detect(facts Facts) (detected Detection, found bool) {
	for _, p := range all() {
		var evidence []string
		for _, sign := range p.signs {
			if seen := sign(facts); seen != "" {
				evidence = append(evidence, seen)
			}
		}
		if len(evidence) >= max(1, p.needs) {
			return Detection{Platform: p, Evidence: evidence}, true
		}
	}
	return Detection{}, false
}
