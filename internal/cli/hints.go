package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/install/apply"
	"github.com/meshctl/meshctl/internal/install/plan"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// Hints say what to do next in as few words as it takes, and name commands that
// can be pasted. Texts speak of meshctl; report puts the name the user knows.

func usageHints(e *UsageError) []string {
	hints := []string{didYouMean(e.Near)}
	if e.Command != "" {
		hints = append(hints, fmt.Sprintf("see '%s --help'", e.Command))
	}
	return hints
}

func settingHints(e *SettingError) []string {
	if len(e.Near) > 0 {
		return []string{didYouMean(e.Near)}
	}
	if e.Unknown {
		return []string{"'meshctl config view --all' lists every setting"}
	}
	return nil
}

func didYouMean(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(near, " or ") + "?"
}

func unhealthyHints(e *apply.UnhealthyError) []string {
	hints := []string{"what was applied stays; 'meshctl status' tells how it comes along"}
	if len(e.NotApplied) > 0 {
		hints = append(hints, "the same command again goes on where this one stopped")
	}
	return hints
}

func conflictsHints(e *install.ConflictsError) []string {
	var managers []string
	for _, step := range e.Steps {
		for _, conflict := range step.Conflicts {
			managers = append(managers, conflict.Manager)
		}
	}
	slices.Sort(managers)
	owners := strings.Join(slices.Compact(managers), " and ")
	return []string{fmt.Sprintf("nothing was changed; --force-conflicts takes these fields over from %s", cmp.Or(owners, "their managers"))}
}

func inUseHints(*install.InUseError) []string {
	return []string{"take the workloads out of the mesh first, or say --force: they then keep sidecars that nobody configures"}
}

func notInstalledHints(e *install.NotInstalledError) []string {
	if e.Sample != "" {
		return []string{fmt.Sprintf("'helm list --all-namespaces --filter ^sample-' shows what is installed; -n names another namespace than %s", e.Namespace)}
	}
	return []string{fmt.Sprintf("'helm list --all-namespaces' shows what is installed; -i names another namespace than %s", e.Namespace)}
}

// operatorGroup has the kinds of the Prometheus Operator.
const operatorGroup = "monitoring.coreos.com"

func unservedKindHints(e *plan.UnservedKindError) []string {
	hints := []string{"nothing was changed; first install what brings the definition of this kind"}
	if e.Object.Group == operatorGroup {
		hints = []string{"nothing was changed; the Prometheus Operator brings the definition of this kind: install it first", "components.prometheus.mode=server takes a Prometheus of the mesh's own"}
	}
	if e.Object.Kind == "NetworkAttachmentDefinition" {
		hints = append(hints, "on OpenShift that is Multus; for other clusters choose another profile")
	}
	return hints
}

func rightsHints(e *install.RightsError) []string {
	hints := []string{"nothing was changed"}
	if len(e.Denied) > 0 {
		// One command to paste is enough: these rights are granted together.
		hints = append(hints, "to check again: "+canI(e.Denied[0]))
	}
	return append(hints, adminHint(""))
}

func forbiddenHints(e *kube.ForbiddenError) []string {
	var hints []string
	if e.Verb != "" {
		access := object.Access{Verb: e.Verb, Group: e.Group, Resource: e.Resource, Namespace: e.Namespace}
		hints = append(hints, "ask the administrator of the cluster for this right; to check again: "+canI(access))
	}
	return append(hints, adminHint(e.User))
}

// canI is the command that asks the cluster for one right.
func canI(access object.Access) string {
	resource := access.Resource
	if access.Group != "" {
		resource += "." + access.Group
	}
	where := " --all-namespaces"
	if access.Namespace != "" {
		where = " -n " + access.Namespace
	}
	return "kubectl auth can-i " + access.Verb + " " + resource + where
}

// adminHint is how somebody becomes cluster administrator, which installing a
// mesh takes. Users of OKE are known by the OCID of their account.
func adminHint(user string) string {
	const grant = "kubectl create clusterrolebinding mesh-admin --clusterrole=cluster-admin --user="
	if strings.HasPrefix(user, "ocid1.") {
		return "an administrator of this OKE cluster can grant it: " + grant + user
	}
	return "installing a mesh takes cluster-admin; on OKE an administrator grants it with: " + grant + "<OCID of the user>"
}

func deniedHints(e *kube.DeniedError) []string {
	if e.By == "" {
		return nil
	}
	return []string{"whoever runs " + e.By + " decides about it; its policy must allow what Istio needs"}
}

func webhookHints(e *kube.WebhookError) []string {
	return []string{
		"the API server asks this webhook before it takes the object; see that the service behind it runs",
		"kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations -o wide | grep " + e.Webhook,
	}
}

func unknownKindHints(e *kube.UnknownKindError) []string {
	if strings.HasSuffix(e.Group, ".istio.io") {
		return []string{"'meshctl install' brings Istio's kinds with it"}
	}
	return []string{"the definition of the kind (its CRD) must be installed first"}
}

func kubeconfigHints(e *kube.ConfigError) []string {
	if e.Context != "" {
		return []string{didYouMean(profiles.Near(e.Context, e.Known)), "'kubectl config get-contexts' lists the contexts"}
	}
	if len(e.Known) > 0 {
		return []string{"--context chooses one; 'kubectl config use-context' makes it the current one"}
	}
	return []string{
		"--kubeconfig or the variable KUBECONFIG names the file",
		"for OKE: oci ce cluster create-kubeconfig --cluster-id <OCID of the cluster>",
	}
}
