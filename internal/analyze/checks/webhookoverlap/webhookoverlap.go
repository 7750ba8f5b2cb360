// Package webhookoverlap finds webhooks of Istio that choose the same pods, and
// ones that nobody answers.
package webhookoverlap

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0139.md
var ist0139 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "webhookoverlap",
	Legacy: []string{"webhook.Analyzer"},
	Doc:    "One webhook at most injects a pod, and its service exists.",
	Needs:  []analyze.Kind{analyze.MutatingWebhook},
	Uses:   []analyze.Kind{analyze.Service},
	Codes:  []*analyze.Code{invalid},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var invalid = &analyze.Code{ID: "IST0139", Severity: analyze.Error, Title: "A webhook of Istio cannot work", Doc: ist0139}

const revision = "istio.io/rev"

func run(pass *analyze.Pass) error {
	webhooks := pass.Mesh.InjectionWebhooks()
	for _, w := range webhooks {
		unanswered(pass, w)
	}
	overlaps(pass, webhooks)
	return nil
}

// unanswered reports a webhook whose service is not there.
func unanswered(pass *analyze.Pass, w analyze.InjectionWebhook) {
	service := w.Webhook.ClientConfig.Service
	if service == nil {
		return
	}
	if _, ok := pass.Mesh.Services().Get(service.Namespace, service.Name); ok {
		return
	}
	pass.Report(analyze.Diagnostic{
		Code: invalid, On: w, Field: object.Field("webhooks", w.Index, "clientConfig.service.name"),
		Absent:  analyze.Absences(service.Namespace, analyze.Service),
		Message: fmt.Sprintf("webhook %s asks Service %s/%s, which does not exist", w.Webhook.Name, service.Namespace, service.Name),
	})
}

// overlap is a configuration with the first of its webhooks that is not alone.
type overlap struct {
	webhook analyze.InjectionWebhook
	others  []analyze.InjectionWebhook
	example string
}

// overlaps tries all labels that webhooks ask for, in all combinations.
func overlaps(pass *analyze.Pass, webhooks []analyze.InjectionWebhook) {
	found := make([]overlap, len(webhooks))
	revisions := append([]string{""}, asked(webhooks)...)
	for _, namespace := range combinations("istio-injection", []string{"", "enabled", "disabled"}, revisions) {
		for _, pod := range combinations("sidecar.istio.io/inject", []string{"", "true", "false"}, revisions) {
			var choosing []int
			for i, w := range webhooks {
				if w.Chooses(namespace, pod) {
					choosing = append(choosing, i)
				}
			}
			if len(choosing) < 2 {
				continue
			}
			for _, i := range choosing {
				if found[i].example == "" {
					found[i] = overlap{webhooks[i], nil, describe(namespace, pod)}
				}
			}
			note(found, webhooks, choosing)
		}
	}
	report(pass, found)
}

// note adds to each webhook the others that choose the same.
func note(found []overlap, webhooks []analyze.InjectionWebhook, choosing []int) {
	for _, i := range choosing {
		for _, j := range choosing {
			if i != j && !slices.ContainsFunc(found[i].others, func(w analyze.InjectionWebhook) bool { return w.Webhook == webhooks[j].Webhook }) {
				found[i].others = append(found[i].others, webhooks[j])
			}
		}
	}
}

// report makes one finding for each configuration.
func report(pass *analyze.Pass, found []overlap) {
	var reported *analyze.Resource
	for _, o := range found {
		if len(o.others) == 0 || o.webhook.Resource == reported {
			continue
		}
		reported = o.webhook.Resource
		d := analyze.Diagnostic{Code: invalid, On: o.webhook, Field: object.Field("webhooks", o.webhook.Index)}
		var names []string
		for _, other := range o.others {
			names = append(names, other.Webhook.Name+" of "+other.Name)
			d.Related = append(d.Related, analyze.Related{On: other, Field: object.Field("webhooks", other.Index), Note: "chooses the same"})
		}
		d.Message = fmt.Sprintf("webhook %s chooses the same pods as %s, such as those with %s: pods are injected twice, or by the wrong revision",
			o.webhook.Webhook.Name, strings.Join(names, ", "), o.example)
		pass.Report(d)
	}
}

// asked are the revisions and tags that labels and selectors mention, in order.
func asked(webhooks []analyze.InjectionWebhook) []string {
	var names []string
	add := func(selector *meta.LabelSelector) {
		if selector == nil {
			return
		}
		names = append(names, selector.MatchLabels[revision])
		for _, expression := range selector.MatchExpressions {
			if expression.Key == revision {
				names = append(names, expression.Values...)
			}
		}
	}
	for _, w := range webhooks {
		names = append(names, w.Labels[revision])
		add(w.Webhook.NamespaceSelector)
		add(w.Webhook.ObjectSelector)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

func combinations(key string, values, revisions []string) []map[string]string {
	var all []map[string]string
	for _, value := range values {
		for _, name := range revisions {
			labels := map[string]string{}
			if value != "" {
				labels[key] = value
			}
			if name != "" {
				labels[revision] = name
			}
			all = append(all, labels)
		}
	}
	return all
}

func describe(namespace, pod map[string]string) string {
	list := func(labels map[string]string) string {
		var pairs []string
		for _, key := range []string{"istio-injection", "sidecar.istio.io/inject", revision} {
			if labels[key] != "" {
				pairs = append(pairs, key+"="+labels[key])
			}
		}
		if len(pairs) == 0 {
			return "no label"
		}
		return strings.Join(pairs, " and ")
	}
	return list(pod) + " in a namespace with " + list(namespace)
}
