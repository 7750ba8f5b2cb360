package kwok

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"time"

	"github.com/meshctl/meshctl/e2e/lab/internal/api"
)

// settle is what kwok may need to hear of a rule: its watch tells within a few milliseconds, and nothing
// but trying would show that it has.
const settle = 100 * time.Millisecond

// Pods are the pods that a rule is for: all of a namespace, later ones included, or, when there is a label
// selector, those that match it now.
type Pods struct {
	Namespace string
	Selector  string
}

// Forward leads a port of pods to a process of this machine.
type Forward struct {
	Port    int
	Address string
	Target  int
}

// Log is what `kubectl logs` shows of a container, or of all containers when none is named.
type Log struct {
	Container string
	File      string // in the format of a container runtime
	Previous  bool   // the log before the last restart
}

type object = map[string]any

// rule is one entry in the list of a custom resource; it takes the place of the entry with the same key.
type rule struct {
	kind   string // PortForward or Logs
	list   string // the field with the entries
	key    string // the field that tells entries apart
	fields object
}

func (f Forward) rule() rule {
	return rule{kind: "PortForward", list: "forwards", key: "ports", fields: object{
		"ports":  []any{float64(f.Port)},
		"target": object{"address": f.Address, "port": f.Target},
	}}
}

func (l Log) rule() rule {
	fields := object{"logsFile": l.File}
	if l.Previous {
		fields = object{"previousLogsFile": l.File}
	}
	if l.Container != "" {
		fields["containers"] = []any{l.Container}
	}
	return rule{kind: "Logs", list: "logs", key: "containers", fields: fields}
}

// AddForwards makes port-forwards to the pods reach the targets.
func AddForwards(ctx context.Context, client *api.Client, pods Pods, forwards []Forward) error {
	var rules []rule
	for _, f := range forwards {
		rules = append(rules, f.rule())
	}
	return add(ctx, client, pods, rules)
}

// AddLog gives the pods a log.
func AddLog(ctx context.Context, client *api.Client, pods Pods, log Log) error {
	return add(ctx, client, pods, []rule{log.rule()})
}

func add(ctx context.Context, client *api.Client, pods Pods, rules []rule) error {
	owners, err := owners(ctx, client, pods)
	if err != nil {
		return err
	}
	for _, r := range rules {
		for _, o := range owners {
			if err := o.put(ctx, client, r); err != nil {
				return err
			}
		}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(settle):
		return nil
	}
}

// owner is what a custom resource belongs to: a pod, or a namespace.
type owner struct {
	namespace, pod, uid string
}

func owners(ctx context.Context, client *api.Client, pods Pods) ([]owner, error) {
	if pods.Selector == "" {
		return []owner{{namespace: pods.Namespace}}, nil
	}
	var list struct {
		Items []struct {
			Metadata struct{ Name, UID string } `json:"metadata"`
		} `json:"items"`
	}
	path := "/api/v1/namespaces/" + pods.Namespace + "/pods?labelSelector=" + url.QueryEscape(pods.Selector)
	if err := client.Get(ctx, path, &list); err != nil {
		return nil, fmt.Errorf("listing pods: %w", err)
	}
	if len(list.Items) == 0 {
		return nil, fmt.Errorf("no pod in namespace %s matches %s", pods.Namespace, pods.Selector)
	}
	var owners []owner
	for _, pod := range list.Items {
		owners = append(owners, owner{namespace: pods.Namespace, pod: pod.Metadata.Name, uid: pod.Metadata.UID})
	}
	return owners, nil
}

// resource is the document that is to hold the rule, still empty, and the path of its collection.
func (o owner) resource(kind string) (document object, path string) {
	const group = "kwok.x-k8s.io/v1alpha1"
	document = object{"apiVersion": group}
	if o.pod == "" {
		document["kind"] = "Cluster" + kind
		document["metadata"] = object{"name": "lab-" + o.namespace}
		document["spec"] = object{"selector": object{"matchNamespaces": []string{o.namespace}}}
		return document, "/apis/" + group + "/" + plural("Cluster"+kind)
	}
	document["kind"] = kind
	document["metadata"] = object{"name": o.pod, "namespace": o.namespace, "ownerReferences": []object{
		{"apiVersion": "v1", "kind": "Pod", "name": o.pod, "uid": o.uid},
	}}
	document["spec"] = object{}
	return document, "/apis/" + group + "/namespaces/" + o.namespace + "/" + plural(kind)
}

func (o owner) put(ctx context.Context, client *api.Client, r rule) error {
	document, collection := o.resource(r.kind)
	path := collection + "/" + document["metadata"].(object)["name"].(string)
	var present object
	err := client.Get(ctx, path, &present)
	switch {
	case api.Is(err, http.StatusNotFound):
		document["spec"].(object)[r.list] = []any{r.fields}
		return client.Create(ctx, collection, document)
	case err != nil:
		return fmt.Errorf("reading %s: %w", r.kind, err)
	}
	spec, ok := present["spec"].(object)
	if !ok {
		return fmt.Errorf("reading %s: %s has no spec", r.kind, path)
	}
	entries, _ := spec[r.list].([]any)
	spec[r.list] = merge(entries, r)
	return client.Replace(ctx, path, present)
}

// merge puts the rule's fields into the entry with the same key, or appends a new entry.
func merge(entries []any, r rule) []any {
	for _, e := range entries {
		entry, ok := e.(object)
		if ok && reflect.DeepEqual(entry[r.key], r.fields[r.key]) {
			maps.Copy(entry, r.fields)
			return entries
		}
	}
	return append(entries, any(r.fields))
}

func plural(kind string) string {
	for _, d := range Definitions() {
		if d.Kind == kind {
			return d.Plural
		}
	}
	return ""
}
