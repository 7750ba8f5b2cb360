package cli

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/meshctl/meshctl/internal/object"
)

// checkTarget is what an argument names.
type checkTarget struct {
	kind schema.GroupKind
	name string
}

// NotFoundTargetError is an argument that names nothing in the files or the cluster.
type NotFoundTargetError struct {
	Ref object.Ref
	// Known are the workloads that are there.
	Known []string
}

func (e *NotFoundTargetError) Error() string {
	return fmt.Sprintf("there is no %s", e.Ref)
}

func targetHints(e *NotFoundTargetError) []string {
	if name, namespace, both := cutLast(e.Ref.Name, "."); both {
		return []string{fmt.Sprintf("for %s in namespace %s: %s -n %s", name, namespace, name, namespace)}
	}
	if len(e.Known) == 0 {
		return []string{"-n names the namespace; --labels asks about a pod that is not there yet"}
	}
	return []string{"there are: " + strings.Join(e.Known, ", ")}
}

// cutLast is like strings.Cut, but at the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// targetKind is a kind of workload and the names that kubectl knows it by.
type targetKind struct {
	group, kind string
	names       []string
}

func targetKinds() []targetKind {
	return []targetKind{
		{"", "Pod", []string{"pod", "pods", "po"}},
		{"", "Namespace", []string{"namespace", "namespaces", "ns"}},
		{"", "ReplicationController", []string{"replicationcontroller", "replicationcontrollers", "rc"}},
		{"apps", "Deployment", []string{"deployment", "deployments", "deploy"}},
		{"apps", "ReplicaSet", []string{"replicaset", "replicasets", "rs"}},
		{"apps", "StatefulSet", []string{"statefulset", "statefulsets", "sts"}},
		{"apps", "DaemonSet", []string{"daemonset", "daemonsets", "ds"}},
		{"batch", "Job", []string{"job", "jobs"}},
		{"batch", "CronJob", []string{"cronjob", "cronjobs", "cj"}},
		{"apps.openshift.io", "DeploymentConfig", []string{"deploymentconfig", "deploymentconfigs", "dc"}},
		{"argoproj.io", "Rollout", []string{"rollout", "rollouts"}},
	}
}

// parseTarget reads POD or KIND/NAME.
func parseTarget(text string) (*checkTarget, error) {
	kind, name, both := strings.Cut(text, "/")
	if !both {
		kind, name = "pod", text
	}
	// kubectl prints deployment.apps/web.
	kind, _, _ = strings.Cut(strings.ToLower(kind), ".")
	var known []string
	for _, k := range targetKinds() {
		if slices.Contains(k.names, kind) && name != "" {
			return &checkTarget{schema.GroupKind{Group: k.group, Kind: k.kind}, name}, nil
		}
		known = append(known, k.names[0])
	}
	if name == "" {
		return nil, usageErrorf("%s names no object: want POD or KIND/NAME", text)
	}
	return nil, usageErrorf("%s: %q is no kind that has pods; those are %s", text, kind, strings.Join(known, ", "))
}

// isNamespace says whether a namespace itself is asked about.
func (t *checkTarget) isNamespace() bool { return t != nil && t.kind.Kind == "Namespace" }

// namespaceOr is the namespace that is asked about, if one is.
func (t *checkTarget) namespaceOr(namespace string) string {
	if t.isNamespace() {
		return t.name
	}
	return namespace
}
