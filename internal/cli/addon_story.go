package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/install"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// sayAddons says what came of it, and how to look at an add-on.
func sayAddons(env *Env, result install.Result, names []string, enabled bool) {
	w := env.IO.Stderr()
	list, changed := listed(names)+" is", result.Record.Revision > 0
	if len(names) > 1 {
		list = listed(names) + " are"
	}
	switch {
	case !changed && enabled:
		ui.Success(w, "nothing to do: "+list+" as the configuration wants it")
	case !changed:
		ui.Success(w, "nothing to do: "+list+" not installed")
	case enabled:
		ui.Success(w, list+" installed")
		sayHowToSee(env, result.Mesh, names)
	default:
		ui.Success(w, list+" removed")
	}
}

// listed is a list in words: a, b and c.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// sayHowToSee names the pages of add-ons, and what it takes that they show something.
func sayHowToSee(env *Env, mesh *profiles.Mesh, names []string) {
	w := env.IO.Stderr()
	show := func(title string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(w, "\n%s\n  %s\n", w.Theme.Heading.Render(title), strings.Join(lines, "\n  "))
		}
	}
	var pages, feeding []string
	for _, name := range names {
		pages = append(pages, pagesOf(env, mesh, name)...)
		feeding = append(feeding, feedingOf(mesh, name)...)
	}
	show("To see", slices.Compact(pages))
	show("To fill it", feeding)
}

// pagesOf are the commands that open what an add-on shows.
func pagesOf(env *Env, mesh *profiles.Mesh, name string) []string {
	has := slices.ContainsFunc(dashboard.All(), func(d dashboard.Dashboard) bool { return d.Component == name })
	switch {
	case name == "prometheus" && operated(mesh):
		return nil // it is not ours, and may be anywhere
	case has:
		return []string{env.program() + " dashboard " + name}
	case name == "loki" && !hasComponent(mesh, profiles.Grafana):
		return []string{env.program() + " addon install grafana: Loki has no pages of its own, Grafana shows its logs"}
	}
	return []string{env.program() + " dashboard grafana"}
}

// feedingOf says what an add-on waits for, if it is not the metrics that are there anyway.
func feedingOf(mesh *profiles.Mesh, name string) []string {
	switch name {
	case "jaeger", "zipkin":
		return []string{name + ": proxies send traces when " + tracing(mesh, name)}
	case "loki":
		return []string{"loki: an OpenTelemetry collector brings it the access logs, at /otlp"}
	}
	return nil
}

// tracing is what makes proxies send traces to an add-on.
func tracing(mesh *profiles.Mesh, name string) string {
	provider := tracerOf(mesh, name)
	if provider == "" {
		return "meshConfig.extensionProviders has " + name + ", and a Telemetry object names it"
	}
	return "a Telemetry object names the provider " + provider + ": tracing: [{providers: [{name: " + provider + "}]}]"
}

// tracerOf is the name of the provider that leads to an add-on, "" if the mesh has none.
func tracerOf(mesh *profiles.Mesh, addon string) string {
	services := map[string]string{"jaeger": "jaeger-collector.", "zipkin": "zipkin."}
	providers, _ := child(mesh.Values, "meshConfig")["extensionProviders"].([]any)
	for _, one := range providers {
		provider, _ := one.(map[string]any)
		name, _ := provider["name"].(string)
		for _, kind := range []string{"opentelemetry", "zipkin"} {
			service, _ := child(provider, kind)["service"].(string)
			if strings.HasPrefix(service, services[addon]) {
				return name
			}
		}
	}
	return ""
}

// operated says that the mesh has the Prometheus of an operator.
func operated(mesh *profiles.Mesh) bool {
	mode, _ := child(child(mesh.Spec(), "components"), "prometheus")["mode"].(string)
	return mode == "operator"
}
