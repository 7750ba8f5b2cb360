package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/profiles"
)

// shortDefault is how long a default may be that stands in a table.
const shortDefault = 40

// valuesPage is the reference of all settings.
func valuesPage(keys []profiles.Key) ([]byte, error) {
	var b strings.Builder
	b.WriteString(valuesIntro)
	for _, s := range valuesSections(keys) {
		if err := s.write(&b); err != nil {
			return nil, err
		}
	}
	writeFormer(&b, keys)
	return []byte(b.String()), nil
}

const valuesIntro = `<!-- Generated from the schema by ` + "`make generate`" + `; do not edit. -->

# Settings

What may stand in a configuration file, and behind ` + "`--set`" + `. A file is an IstioOperator or only its spec:

` + "```yaml" + `
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  profile: demo
  values:
    pilot:
      traceSampling: 10
` + "```" + `

` + "```sh" + `
meshctl install -f mesh.yaml --set values.pilot.traceSampling=10
` + "```" + `

**Who wins.** From weakest to strongest: the defaults below, compatibility version, platform and values profile, the profile, what follows
from the cluster, files in the order given, flags in the order given. Mappings are merged, lists are replaced as a whole, ` + "`null`" + ` removes.
What stands under ` + "`values`" + ` beats the shortcuts ` + "`hub`" + `, ` + "`tag`" + `, ` + "`revision`" + `, ` + "`compatibilityVersion`" + ` and ` + "`meshConfig`" + ` of the spec.
` + "`meshctl profile show --origins`" + ` says of each value where it came from.

**Paths.** ` + "`values.pilot.env.NAME`" + `, ` + "`components.ingressGateways[0].name`" + `, ` + "`components.ingressGateways.[name:istio-ingressgateway].enabled`" + `;
` + "`[-1]`" + ` adds an element, ` + "`\\.`" + ` is a dot in a name. Everything after the first ` + "`=`" + ` is the value. ` + "`--set`" + ` takes numbers, true, false and null for
what they are, ` + "`--set-string`" + ` takes everything for text, ` + "`--set-file`" + ` takes the text in a file, and ` + "`--set-json`" + ` takes JSON, also lists and mappings.

Types with a capital letter are those of the Kubernetes API, and ` + "`MeshConfig`" + ` is [Istio's](https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/).
What is not listed here is refused; ` + "`unvalidatedValues`" + ` takes anything.
`

// section is a part of the page: the settings below one path.
type section struct {
	title, prefix, note string
	keys                []profiles.Key
}

// valuesSections are the parts of the page. Each setting is in the first whose
// prefix it has.
func valuesSections(keys []profiles.Key) []*section {
	sections := []*section{
		{title: "The spec", prefix: ""},
		{title: "Components", prefix: "components.ingressGateways.[]", note: "For each of `base`, `pilot`, `cni`, `ztunnel` and the add-ons, and for each element of the lists `ingressGateways` and `egressGateways`. `name` and `label` are those of gateways; `base` has `enabled` and `k8s` only, and `prometheus` also has `mode`: `server`, the default, or `operator` for [the Prometheus Operator that the cluster has](addons.md#an-existing-prometheus-operator)."},
		{title: "Kubernetes settings of a component", prefix: "components.ingressGateways.[].k8s", note: "Applied to the objects that the chart has made. `meshctl manifest generate` shows the result."},
		{title: "Values at the top", prefix: "values"},
		{title: "Settings of the whole mesh", prefix: "values.global"},
		{title: "Proxies", prefix: "values.global.proxy"},
		{title: "Waypoints", prefix: "values.global.waypoint"},
		{title: "istiod", prefix: "values.pilot"},
		{title: "Injection", prefix: "values.sidecarInjectorWebhook"},
		{title: "Ingress gateways", prefix: "values.gateways.istio-ingressgateway", note: "For all ingress gateways; `components.ingressGateways` has what differs from one to the other."},
		{title: "Egress gateways", prefix: "values.gateways.istio-egressgateway", note: "As for ingress gateways, but for these defaults:"},
		{title: "CNI agent", prefix: "values.cni"},
		{title: "Ztunnel", prefix: "values.ztunnel"},
		{title: "Custom resource definitions and validation", prefix: "values.base"},
		{title: "A control plane elsewhere", prefix: "values.istiodRemote"},
		{title: "Metrics without Telemetry objects", prefix: "values.telemetry"},
	}
	for _, row := range profiles.AddOns() {
		sections = append(sections, &section{title: row.Title, prefix: "values." + row.Key})
	}
	for _, key := range keys {
		if key.Status == profiles.Current {
			if s := sectionOf(sections, key); s != nil {
				s.keys = append(s.keys, key)
			}
		}
	}
	return sections
}

func sectionOf(sections []*section, key profiles.Key) *section {
	path := strings.Join(key.Path, ".")
	var found *section
	for _, s := range sections {
		if (s.prefix == "" || strings.HasPrefix(path, s.prefix+".")) && (found == nil || len(s.prefix) > len(found.prefix)) {
			found = s
		}
	}
	repeated := key.Path[0] == "components" && key.Path[1] != "ingressGateways" ||
		slices.Contains(key.Path, "[]") && key.Path[0] == "values"
	if repeated {
		return nil
	}
	return found
}

func (s *section) write(b *strings.Builder) error {
	keys := s.keys
	if s.prefix == "values.gateways.istio-egressgateway" {
		keys = slices.DeleteFunc(slices.Clone(keys), func(key profiles.Key) bool { return !differs(key) })
	}
	if len(keys) == 0 {
		return nil
	}
	fmt.Fprintf(b, "\n## %s\n", s.title)
	if s.prefix != "" {
		fmt.Fprintf(b, "\n`%s`\n", strings.ReplaceAll(s.prefix, ".[]", "[]"))
	}
	if s.note != "" {
		fmt.Fprintf(b, "\n%s\n", s.note)
	}
	b.WriteString("\n| setting | type | default | meaning |\n|---|---|---|---|\n")
	long := map[string]any{}
	for _, key := range keys {
		name := strings.TrimPrefix(strings.TrimPrefix(strings.Join(key.Path, "."), s.prefix), ".")
		fallback := code(key.Default)
		if len(key.Default) > shortDefault {
			var value any
			if err := yaml.Unmarshal([]byte(key.Default), &value); err != nil {
				return fmt.Errorf("default of %s: %w", name, err)
			}
			long[name], fallback = value, "below"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", strings.ReplaceAll(name, ".[]", "[]"), cell(kindOf(key)), fallback, meaning(key))
	}
	return writeLong(b, long)
}

// differs reports whether a setting of egress gateways has another default than
// that of ingress gateways.
func differs(key profiles.Key) bool {
	return strings.Contains(key.Default, "egress") || slices.Contains([]string{"ports", "type", "egressPorts"}, key.Path[len(key.Path)-1])
}

// writeLong prints the defaults that were too long for the table.
func writeLong(b *strings.Builder, long map[string]any) error {
	if len(long) == 0 {
		return nil
	}
	text, err := yaml.Marshal(long)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\nThe longer defaults:\n\n```yaml\n%s```\n", text)
	return nil
}

func kindOf(key profiles.Key) string {
	var words []string
	for _, word := range key.Words {
		if word != "" {
			words = append(words, "`"+word+"`")
		}
	}
	if len(words) > 0 {
		return strings.Join(words, ", ")
	}
	return key.Type
}

// meaning is a line with code in it, in which only bars are escaped.
func meaning(key profiles.Key) string {
	parts := strings.Split(key.Meaning, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = plain(parts[i])
	}
	return bars(strings.Join(parts, "`"))
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + bars(text) + "`"
}

// writeFormer lists the settings of former times.
func writeFormer(b *strings.Builder, keys []profiles.Key) {
	for _, part := range []struct {
		status      profiles.Status
		title, text string
	}{
		{profiles.Deprecated, "Deprecated settings", "They work, with a warning."},
		{profiles.Pointless, "Settings without effect", "They are accepted, with a warning, because old files have them."},
		{profiles.Removed, "Removed settings", "They are refused, since they ask for something that would not happen. Most are from the time when Helm 2 installed Istio."},
	} {
		fmt.Fprintf(b, "\n## %s\n\n%s\n\n", part.title, part.text)
		if part.status == profiles.Pointless {
			b.WriteString("| settings |\n|---|\n")
		} else {
			b.WriteString("| settings | in their place |\n|---|---|\n")
		}
		for _, row := range formerRows(keys, part.status) {
			fmt.Fprintf(b, "| %s |", strings.Join(row.names, "<br>"))
			if part.status != profiles.Pointless {
				fmt.Fprintf(b, " %s |", cell(row.instead))
			}
			b.WriteString("\n")
		}
	}
}

// former are settings with one successor.
type former struct {
	names   []string
	instead string
}

func formerRows(keys []profiles.Key, status profiles.Status) []*former {
	var rows []*former
	for _, key := range keys {
		if key.Status != status || slices.Contains(key.Path, "istio-egressgateway") {
			continue
		}
		name := code(strings.ReplaceAll(strings.Join(key.Path, "."), ".[]", "[]"))
		at := slices.IndexFunc(rows, func(row *former) bool { return row.instead == key.Instead && key.Instead != "" })
		if at < 0 {
			at = len(rows)
			rows = append(rows, &former{instead: key.Instead})
		}
		rows[at].names = append(rows[at].names, name)
	}
	return rows
}

// putFile makes one file hold a text, or, as a check, complains if it does not.
func putFile(name string, text []byte, check bool) error {
	if !check {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return fmt.Errorf("writing documentation: %w", err)
		}
		return nil
	}
	got, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading documentation: %w", err)
	}
	if !bytes.Equal(got, text) {
		return fmt.Errorf("%s is stale, run `make generate`", name)
	}
	return nil
}
