package cli

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/platform"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

// fitPlatform makes a configuration fit the cluster it is for, and tells what
// it found, why, and what follows.
func fitPlatform(ctx context.Context, env *Env, cluster factsCluster, flags placeFlags, config profiles.Config, assets fs.FS) (profiles.Config, error) {
	facts, unknown, err := gatherFacts(ctx, cluster)
	if err != nil {
		return config, err
	}
	warnVersions(ctx, env, cluster, config.Version, facts.Version)
	found := platform.Detection{}
	if chosen, named := platform.Find(flags.platform); named {
		found.Platform = chosen
	} else if flags.platform == "" {
		if unknown != "" {
			env.warn("the platform may go unrecognised: " + unknown)
		}
		found, _ = platform.Detect(facts)
	}
	if found.Platform.Name != "" {
		if config, err = madeFor(found.Platform, config, assets); err != nil {
			return config, err
		}
	}
	if flags.okeLB != "" && !found.Platform.Oracle() {
		env.warn("--oke-lb has an effect in Oracle's cloud only, which this cluster does not look like")
	}
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return config, err
	}
	if flags.platform != noPlatform && !env.Global.Quiet {
		tellPlatform(env, found, mesh, platform.Hints(found.Platform, facts, useOf(mesh)))
	}
	return config, nil
}

// useOf is what the hints want to know of a mesh.
func useOf(mesh *profiles.Mesh) platform.Use {
	global := child(mesh.Values, "global")
	hub, _ := global["hub"].(string)
	nftables, _ := global["nativeNftables"].(bool)
	use := platform.Use{
		Profile:        mesh.Profile,
		Revision:       mesh.Revision,
		Hub:            hub,
		NativeNftables: nftables,
		CNI:            hasComponent(mesh, profiles.Cni),
		Ambient:        hasComponent(mesh, profiles.Ztunnel),
	}
	for _, service := range gatewayServices(mesh) {
		if service.kind == "LoadBalancer" {
			use.LoadBalancer = true
			use.Shaped = use.Shaped || platform.Shaped(service.annotations)
		}
	}
	return use
}

// tellPlatform says what the cluster was taken for, by what, and which values follow.
func tellPlatform(env *Env, found platform.Detection, mesh *profiles.Mesh, hints []string) {
	w := env.IO.Stderr()
	if title := found.Platform.Title; title != "" {
		reason := ""
		if len(found.Evidence) > 0 {
			reason = " (" + strings.Join(found.Evidence, "; ") + ")"
		}
		fmt.Fprintf(w, "%s %s%s\n", w.Theme.Heading.Render("Platform:"), title, reason)
		tellValues(w, found.Platform, mesh)
	}
	for _, hint := range hints {
		ui.Hint(w, env.named(hint))
	}
}

func tellValues(w ui.Writer, p platform.Platform, mesh *profiles.Mesh) {
	if p.Overlay == "" {
		return
	}
	if name, origin := mesh.PlatformNamed(); origin.Kind != profiles.FromPlatform {
		fmt.Fprintf(w, "  its values are not taken: global.platform is %q (%s)\n", name, cmp.Or(origin.String(), "null in the configuration"))
		return
	}
	leaves := slices.DeleteFunc(mesh.PlatformLeaves(), func(leaf profiles.Leaf) bool {
		return strings.HasPrefix(leaf.Path, "values.cni.") && !hasComponent(mesh, profiles.Cni)
	})
	fmt.Fprintf(w, "  %s from it; --platform %s does without:\n", ui.Plural(len(leaves), "value follows", "values follow"), noPlatform)
	for _, leaf := range leaves {
		fmt.Fprintf(w, "    %s=%v\n", leaf.Path, leaf.Value)
	}
}
