package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/charts"
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// chartFlags are the flags by which users have a mesh made from the charts that
// Istio publishes instead of ours.
type chartFlags struct {
	from    string
	version string
}

func (f *chartFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.from, "charts", "", "make the mesh from the charts at this `place`: a directory, the URL of a Helm repository or oci://REGISTRY/PATH")
	flags.StringVar(&f.version, "chart-version", "", "`version` of those charts, or a range such as ~1.30 (default: that of the mesh)")
}

// over lays the charts that the flags ask for over the assets. Nothing is
// fetched for components that are off.
func (f *chartFlags) over(ctx context.Context, env *Env, config profiles.Config, assets fs.FS) (fs.FS, error) {
	if f.from == "" {
		if f.version != "" {
			return nil, usageErrorf("--chart-version %s: there is no --charts that it could be of", f.version)
		}
		return assets, nil
	}
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return nil, err
	}
	source, err := charts.Open(f.from, charts.HelmFiles(env.Getenv))
	if err != nil {
		return nil, fmt.Errorf("--charts %w", err)
	}
	version := charts.Version{Asked: f.version, Usual: mesh.Version}
	found := fetched{source: source.String(), mesh: version.Usual}
	files := map[string][]byte{}
	for _, component := range mesh.Components {
		names := officialNames(component.Kind)
		if len(names) == 0 {
			found.ours = append(found.ours, component.Title)
			continue
		}
		path := render.OfficialPath(component.Kind)
		if files[path] != nil {
			continue // another gateway
		}
		chart, err := charts.Find(ctx, source, names, version)
		if err != nil {
			return nil, err
		}
		found.charts = append(found.charts, chart)
		if files[path], err = encoded(chart); err != nil {
			return nil, err
		}
	}
	return chartAssets{FS: assets, files: files}, found.tell(env)
}

// officialNames are the names by which charts of a component are published, the
// best first; none if it is an add-on of ours. Oracle's catalogue puts istio-
// before them. The first two of a gateway's are what istioctl renders.
func officialNames(kind profiles.ComponentKind) []string {
	switch kind {
	case profiles.Base:
		return []string{"base", "istio-base"}
	case profiles.Pilot:
		return []string{"istiod", "istio-discovery"}
	case profiles.Cni:
		return []string{"cni", "istio-cni"}
	case profiles.Ztunnel:
		return []string{"ztunnel", "istio-ztunnel"}
	case profiles.IngressGateways:
		return []string{"istio-ingress", "gateway", "istio-gateway"}
	case profiles.EgressGateways:
		return []string{"istio-egress", "gateway", "istio-gateway"}
	}
	return nil
}

func encoded(chart charts.Chart) ([]byte, error) {
	official := render.OfficialChart{Name: chart.Name, Version: chart.Version, Stamp: chart.Stamp(), Files: map[string][]byte{}}
	for _, file := range chart.Files {
		official.Files[file.Name] = file.Data
	}
	return json.Marshal(official)
}

// fetched is what a mesh is going to be made from.
type fetched struct {
	source string
	mesh   string // version
	charts []charts.Chart
	ours   []string
}

// tell says which chart came from where.
func (f fetched) tell(env *Env) error {
	for _, chart := range f.charts {
		if chart.AppVersion != "" && !sameMinor(chart.AppVersion, f.mesh) {
			env.warn(fmt.Sprintf("chart %s %s is for Istio %s; profiles and checks here are those of %s", chart.Name, chart.Version, chart.AppVersion, f.mesh))
		}
	}
	if env.Global.Quiet || len(f.charts) == 0 {
		return nil
	}
	stderr := env.IO.Stderr()
	fmt.Fprintf(env.IO.Err, "Charts from %s:\n", f.source)
	table := &ui.Table{Indent: 2}
	for _, chart := range f.charts {
		inside := strings.TrimPrefix(strings.TrimPrefix(chart.Location, f.source), "/")
		table.Row(chart.Name, chart.Version, inside, chart.Digest)
	}
	if err := table.Print(stderr); err != nil {
		return err
	}
	if len(f.ours) > 0 {
		fmt.Fprintf(env.IO.Err, "Built in: %s\n", strings.Join(f.ours, ", "))
	}
	return nil
}

// sameMinor compares versions up to the patch. What is no version, as in a
// source tree, may be anything.
func sameMinor(a, b string) bool {
	minor := func(version string) string {
		parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
		if len(parts) < 3 {
			return ""
		}
		return parts[0] + "." + parts[1]
	}
	left, right := minor(a), minor(b)
	return left == right || left == "" || right == ""
}
