package kube

import (
	"context"
	"fmt"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/meshctl/meshctl/internal/object"
)

// revisionKey is where the deployment controller counts the ReplicaSets of a Deployment.
const revisionKey = "deployment.kubernetes.io/revision"

// PodsOf lists the pods of a live Deployment, ReplicaSet, StatefulSet, DaemonSet
// or Job. Of a Deployment it takes those of the newest ReplicaSet, because the
// others are on their way out. What the user may not list or what has no
// selector ends in an error.
func (c *Cluster) PodsOf(ctx context.Context, workload object.Object) ([]object.Object, error) {
	ref := workload.Ref()
	selector, err := selectorOf(workload)
	if err != nil {
		return nil, fmt.Errorf("finding the pods of %s: %w", ref, err)
	}
	narrow := object.Query{Namespace: workload.GetNamespace(), Labels: selector}
	owner := workload.GetUID()
	if ref.Kind == "Deployment" {
		sets, err := c.List(ctx, schema.GroupKind{Group: "apps", Kind: "ReplicaSet"}, narrow)
		if err != nil {
			return nil, fmt.Errorf("finding the pods of %s: %w", ref, err)
		}
		newest, found := newestOf(owner, sets)
		if !found {
			return nil, nil // the deployment controller has not come to it yet
		}
		owner = newest
	}
	pods, err := c.List(ctx, schema.GroupKind{Kind: "Pod"}, narrow)
	if err != nil {
		return nil, fmt.Errorf("finding the pods of %s: %w", ref, err)
	}
	return ownedBy(owner, pods), nil
}

func selectorOf(workload object.Object) (string, error) {
	fields, found, err := unstructured.NestedMap(workload.Object, "spec", "selector")
	if err != nil || !found {
		return "", fmt.Errorf("%s has no selector", workload.GetKind())
	}
	var labels metav1.LabelSelector
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(fields, &labels); err != nil {
		return "", fmt.Errorf("reading the selector: %w", err)
	}
	selector, err := metav1.LabelSelectorAsSelector(&labels)
	if err != nil {
		return "", fmt.Errorf("reading the selector: %w", err)
	}
	return selector.String(), nil
}

func ownedBy(owner types.UID, objects []object.Object) []object.Object {
	var owned []object.Object
	for _, one := range objects {
		if by := metav1.GetControllerOf(&one); by != nil && by.UID == owner {
			owned = append(owned, one)
		}
	}
	return owned
}

func newestOf(deployment types.UID, sets []object.Object) (newest types.UID, found bool) {
	highest := -1
	for _, set := range ownedBy(deployment, sets) {
		// A set that the controller has not numbered yet counts as 0.
		revision, _ := strconv.Atoi(set.GetAnnotations()[revisionKey])
		if revision > highest {
			highest, newest = revision, set.GetUID()
		}
	}
	return newest, highest >= 0
}
