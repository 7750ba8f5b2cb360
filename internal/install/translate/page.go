package translate

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/meshctl/meshctl/internal/profiles"
)

// chartsOfIstio is where Istio publishes its charts.
const chartsOfIstio = "oci://registry.istio.io/release/charts"

// page is what the script and the page for readers are made of.
type page struct {
	mesh  *profiles.Mesh
	parts []part
	lost  []Loss
}

// script installs everything, in order.
func (p page) script() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `#!/bin/sh
# Installs the mesh with Helm, or takes over one that meshctl installed.
# CHARTS is where the charts are, VERSION which ones.
set -eu
cd "$(dirname "$0")"
CHARTS=${CHARTS:-%s}
VERSION=${VERSION:-%s}
`, chartsOfIstio, p.mesh.Version)
	for _, part := range p.parts {
		fmt.Fprintf(&b, "\necho '%s'\n", part.of.Title)
		if part.chart == "" {
			fmt.Fprintf(&b, "kubectl apply --server-side --filename %s\n", part.file)
			continue
		}
		fmt.Fprintf(&b, `helm upgrade --install %s "$CHARTS/%s" --version "$VERSION" \
  --namespace %s --create-namespace --take-ownership --wait \
  --values %s
`, part.release, part.chart, part.of.Namespace, part.file)
	}
	return b.Bytes()
}

// readme tells what to do, and what to expect.
func (p page) readme() []byte {
	var b bytes.Buffer
	b.WriteString("# This mesh with plain Helm\n\nMade by `meshctl manifest translate`. meshctl is not needed from here on.\n\n")
	b.WriteString("| file | what it is | release | namespace |\n|---|---|---|---|\n")
	for _, part := range p.parts {
		what, release := "objects of "+part.of.Title+", for kubectl", "none"
		if part.chart != "" {
			what, release = "values for Istio's chart `"+part.chart+"`", "`"+part.release+"`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | `%s` |\n", part.file, what, release, part.of.Namespace)
	}
	fmt.Fprintf(&b, `
## Install

`+"```sh\n./install.sh\n```"+`

It takes Helm 3.17 or newer and kubectl. The charts come from `+"`%s`"+`, version %s; `+"`CHARTS` and `VERSION`"+` in the
environment choose others: a directory, or the name of a Helm repository.
`, chartsOfIstio, p.mesh.Version)
	p.writeTakeOver(&b)
	p.writeLost(&b)
	return b.Bytes()
}

// record is the name of meshctl's release record.
func (p page) record() string {
	if p.mesh.Revision != "" {
		return "istio-" + p.mesh.Revision
	}
	return "istio"
}

// writeTakeOver tells how the mesh that meshctl installed gets to Helm.
func (p page) writeTakeOver(b *bytes.Buffer) {
	var steps []string
	var before, after []string
	gateways := false
	for _, part := range p.parts {
		for _, ref := range part.reselects {
			before = append(before, fmt.Sprintf("kubectl --namespace %s delete deployment %s", ref.Namespace, ref.Name))
		}
		for _, ref := range part.leftovers {
			after = append(after, fmt.Sprintf("kubectl --namespace %s delete %s %s", ref.Namespace, strings.ToLower(ref.Kind), ref.Name))
		}
		gateways = gateways || part.chart == gatewayChart
	}
	if len(before) > 0 {
		steps = append(steps, "Remove the gateways that select their pods by other labels than Istio's chart. They are away until the next step has made them anew."+commands(before))
	}
	takeOver := "Run `./install.sh`. It takes the objects over, one chart after the other; istiod and the sidecars keep running."
	if gateways {
		takeOver += " Gateways get new pods: istiod injects their proxy, so their namespaces must not be labelled `istio-injection=disabled`."
	}
	steps = append(steps, takeOver,
		"Remove meshctl's record, so that nobody changes the mesh by it any more. The objects stay."+
			commands([]string{fmt.Sprintf("kubectl --namespace %s delete secret --selector owner=helm,name=%s", p.mesh.Namespace, p.record())}))
	if len(after) > 0 {
		steps = append(steps, "Remove what Istio's chart makes under other names."+commands(after))
	}
	b.WriteString("\n## If meshctl installed the mesh\n\n")
	for i, step := range steps {
		fmt.Fprintf(b, "%d. %s\n\n", i+1, step)
	}
}

// commands is a block of code inside a list.
func commands(lines []string) string {
	return "\n\n   ```sh\n   " + strings.Join(lines, "\n   ") + "\n   ```"
}

func (p page) writeLost(b *bytes.Buffer) {
	if len(p.lost) == 0 {
		return
	}
	b.WriteString("## What is lost\n\nThese settings have no counterpart in Istio's charts. Where they matter, change the objects with a post-renderer of Helm\n(`--post-renderer`, kustomize for instance).\n\n| setting | from | why |\n|---|---|---|\n")
	for _, loss := range p.lost {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", loss.Path, loss.Origin, loss.Why)
	}
}
