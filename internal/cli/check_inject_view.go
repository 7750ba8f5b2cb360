package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/meshctl/meshctl/internal/inject"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/ui"
)

// checkInjectView is the answer of check-inject.
type checkInjectView struct {
	Pods []injectAnswer `json:"pods"`
}

// injectAnswer is the answer about one pod.
type injectAnswer struct {
	// Object is where the pod comes from; missing where labels alone are asked about.
	Object    *object.Ref       `json:"object,omitempty"`
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels,omitempty"`
	inject.Explanation
	// Has is the revision of the proxy that a live pod has.
	Has string `json:"proxyOfRevision,omitempty"`
	// Opposite are ways to turn the answer around.
	Opposite []opposite `json:"opposite,omitempty"`
}

// opposite is one way to turn the answer around.
type opposite struct {
	Changes []inject.Change `json:"changes"`
	// Do says how, in commands where there is a cluster.
	Do []string `json:"do"`
}

// Kind implements ui.View.
func (checkInjectView) Kind() string { return "InjectionCheck" }

func (s *injectScene) answer() checkInjectView {
	view := checkInjectView{Pods: []injectAnswer{}}
	for _, c := range s.pods {
		namespace := s.namespaces[c.pod.Namespace]
		answer := injectAnswer{
			Namespace:   c.pod.Namespace,
			Labels:      c.pod.Labels,
			Explanation: s.cluster.Explain(c.pod, namespace),
			Has:         proxyRevision(c.pod.Annotations),
		}
		if c.ref.Kind != "" {
			answer.Object = &c.ref
		}
		for _, changes := range s.cluster.Opposite(c.pod, namespace) {
			answer.Opposite = append(answer.Opposite, opposite{Changes: changes, Do: s.how(c, changes)})
		}
		view.Pods = append(view.Pods, answer)
	}
	return view
}

// proxyRevision is the revision by which a pod was injected; empty if by none.
func proxyRevision(annotations map[string]string) string {
	var status inject.Status
	if json.Unmarshal([]byte(annotations["sidecar.istio.io/status"]), &status) != nil {
		return ""
	}
	return nameOr(status.Revision, "default")
}

// Text implements ui.View.
func (v checkInjectView) Text(w ui.Writer) error {
	for i, answer := range v.Pods {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := answer.text(w); err != nil {
			return err
		}
	}
	return nil
}

func (a injectAnswer) text(w ui.Writer) error {
	verdict := w.Theme.Warning.Render("not injected")
	if a.Inject {
		verdict = w.Theme.Success.Render("injected by revision " + a.Revision)
	}
	fmt.Fprintf(w, "%s: %s\n  because %s\n", w.Theme.Heading.Render(a.title()), verdict, a.Reason)
	if a.Has != "" {
		fmt.Fprintf(w, "  it has a proxy of revision %s now; this is about a new pod\n", a.Has)
	}
	for _, warning := range a.Warnings {
		fmt.Fprint(w, "  ")
		ui.Warning(w, warning)
	}
	if len(a.Webhooks) > 0 {
		fmt.Fprintln(w)
		if err := a.webhooks().Print(w); err != nil {
			return err
		}
	}
	if len(a.Steps) > 0 {
		fmt.Fprintln(w)
		if err := a.steps(w).Print(w); err != nil {
			return err
		}
	}
	a.howElse(w)
	return nil
}

func (a injectAnswer) title() string {
	switch {
	case a.Object != nil:
		return a.Object.String()
	case len(a.Labels) > 0:
		return fmt.Sprintf("A pod with %s in namespace %s", pairs(a.Labels), a.Namespace)
	}
	return "A pod without labels in namespace " + a.Namespace
}

func (a injectAnswer) webhooks() *ui.Table {
	table := ui.NewTable("webhook", "revision", "tag", "matches", "why not")
	for _, routing := range a.Webhooks {
		why := make([]string, len(routing.Unmet))
		for i, u := range routing.Unmet {
			why[i] = u.String()
		}
		matches := "no"
		if routing.Matches {
			matches = "yes"
		}
		name := routing.Configuration + "/" + strings.TrimSuffix(routing.Webhook, ".sidecar-injector.istio.io")
		table.Row(name, routing.Revision, orDot(routing.Tag), matches, orDot(strings.Join(why, "; ")))
	}
	return table
}

func (a injectAnswer) steps(w ui.Writer) *ui.Table {
	table := ui.NewTable("rule", "decides", "finding")
	for _, step := range a.Steps {
		decides := ui.Cell{Text: "no"}
		if step.Decides && a.Inject {
			decides = w.Theme.Success.Cell("inject")
		} else if step.Decides {
			decides = w.Theme.Warning.Cell("leave alone")
		}
		table.Cells(ui.Cell{Text: step.Rule}, decides, ui.Cell{Text: step.Finding})
	}
	return table
}

// howElse says what would turn the answer around.
func (a injectAnswer) howElse(w ui.Writer) {
	aim := "To have it injected"
	if a.Inject {
		aim = "To have it left alone"
	}
	switch {
	case len(a.Opposite) > 0:
		fmt.Fprintf(w, "\n%s:\n", aim)
	case a.Rule == "host network":
		fmt.Fprintf(w, "\nNo label changes that; without hostNetwork it would be another pod.\n")
	case a.Rule == "namespace":
		fmt.Fprintf(w, "\nNo label changes that; in another namespace it could be injected.\n")
	case a.Rule == "policy" && len(a.Steps) == 1:
		fmt.Fprintf(w, "\n%s, give the injector a policy: --set values.global.proxy.autoInject=enabled.\n", aim)
	case len(a.Webhooks) == 0:
		fmt.Fprintf(w, "\n%s, install a control plane: 'meshctl install'.\n", aim)
	}
	for i, way := range a.Opposite {
		for j, line := range way.Do {
			lead := "  "
			if i > 0 && j == 0 {
				lead = "or\n  "
			}
			fmt.Fprintln(w, lead+line)
		}
	}
}
