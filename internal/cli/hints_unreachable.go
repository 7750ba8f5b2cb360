package cli

import (
	"regexp"

	"github.com/meshctl/meshctl/internal/kube"
)

// missingPlugin is what client-go says about a credential program it cannot find.
var missingPlugin = regexp.MustCompile(`executable (\S+) not found`)

// unreachableHints says what to look at, by what stands in the way.
func unreachableHints(e *kube.UnreachableError) []string {
	compare := "to compare: kubectl --context " + e.Context + " cluster-info"
	if e.Context == "" || e.Context == "in-cluster" {
		compare = "to compare: kubectl cluster-info"
	}
	switch e.Obstacle {
	case kube.Refused:
		return []string{"nobody listens at that address: is the cluster running, and its address still the same?", compare}
	case kube.Timeout:
		return []string{"a firewall, or a private endpoint without its VPN or bastion, answers like this; --request-timeout waits longer", compare}
	case kube.NoSuchHost:
		return []string{"the cluster may be gone, or its name known in another network only; --context chooses another cluster", compare}
	case kube.Certificate:
		return []string{"the kubeconfig may be of a cluster that was made anew, or a proxy is in between; fetch the kubeconfig again", compare}
	case kube.Credentials:
		return credentialsHints(e, compare)
	}
	return []string{compare}
}

func credentialsHints(e *kube.UnreachableError, compare string) []string {
	plugin := missingPlugin.FindStringSubmatch(e.Cause)
	switch {
	case plugin == nil:
		return []string{"the login may have expired: log in to the cluster's provider again", compare}
	case plugin[1] == "oci":
		return []string{"the kubeconfig of an OKE cluster gets its tokens from the oci program: install the OCI CLI, run 'oci setup config', and see that oci is on the PATH"}
	}
	return []string{"the kubeconfig gets its tokens from the program " + plugin[1] + ": install it, and see that it is on the PATH"}
}
