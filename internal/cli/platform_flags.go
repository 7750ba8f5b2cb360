package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/platform"
	"github.com/meshctl/meshctl/internal/profiles"
)

// placeFlags say where the mesh is to run, and out of what it is made.
type placeFlags struct {
	platform      string
	okeLB         string
	imageRegistry string
	meshVersion   string
}

// noPlatform switches detection off.
const noPlatform = "none"

func (f *placeFlags) bind(env *Env, cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.platform, "platform", "", "`platform` to make the mesh for, or none; install finds it out otherwise: "+strings.Join(platform.Names(), ", "))
	flags.StringVar(&f.okeLB, "oke-lb", "", "load balancer of ingress gateways on OKE, as a `list`: "+platform.OKEGrammar)
	flags.StringVar(&f.imageRegistry, "image-registry", "", "take every image from this `registry`, given as host/path; 'meshctl images push' fills it")
	flags.StringVar(&f.meshVersion, "mesh-version", "", "`version` of Istio; 'meshctl version' names those that can be installed")
	// Only an unknown flag can fail.
	_ = cmd.RegisterFlagCompletionFunc("platform", cobra.FixedCompletions(append(platform.Names(), noPlatform), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("mesh-version", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		table, _ := profiles.ReadVersions(env.Assets) // a completion has nowhere to complain
		return table.Names(), cobra.ShellCompDirectiveNoFileComp
	})
}

// extend adds what the flags ask for to a configuration. own is set when the
// assets are the user's, which name their images themselves.
func (f *placeFlags) extend(env *Env, config profiles.Config, assets fs.FS, own bool) (profiles.Config, fs.FS, error) {
	version, assets, err := f.version(env, assets, own)
	if err != nil {
		return config, nil, err
	}
	config.Version = version
	if err := f.checkPlatform(); err != nil {
		return config, nil, err
	}
	if f.okeLB != "" {
		settings, err := okeSettings(f.okeLB)
		if err != nil {
			return config, nil, err
		}
		config.Settings = append(config.Settings, settings...)
	}
	if chosen, found := platform.Find(f.platform); found {
		if config, err = madeFor(chosen, config, assets); err != nil {
			return config, nil, err
		}
	}
	if f.imageRegistry != "" {
		if config, err = fromRegistry(config, assets, f.imageRegistry); err != nil {
			return config, nil, err
		}
	}
	return config, assets, nil
}

// version looks the version of the mesh up, and its charts.
func (f *placeFlags) version(env *Env, assets fs.FS, own bool) (profiles.Version, fs.FS, error) {
	table, err := profiles.ReadVersions(assets)
	untold := errors.Is(err, fs.ErrNotExist)
	if untold {
		table, err = profiles.ReadVersions(env.Assets)
	}
	if err != nil {
		return profiles.Version{}, nil, err
	}
	version, err := table.Find(f.meshVersion)
	if err != nil {
		return version, nil, fmt.Errorf("--mesh-version: %w", err)
	}
	if own && untold {
		if f.meshVersion == "" {
			version.Hub, version.Tag = "", ""
		}
		return version, assets, nil
	}
	assets, err = version.Assets(assets)
	return version, assets, err
}

func (f *placeFlags) checkPlatform() error {
	if _, known := platform.Find(f.platform); f.platform == "" || f.platform == noPlatform || known {
		return nil
	}
	known := append(platform.Names(), noPlatform)
	return &UsageError{
		Near: profiles.Near(f.platform, known),
		Err:  fmt.Errorf("--platform %s: not a platform meshctl knows; it knows %s", f.platform, strings.Join(known, ", ")),
	}
}

// madeFor is a configuration with the settings that follow from a platform.
func madeFor(p platform.Platform, config profiles.Config, assets fs.FS) (profiles.Config, error) {
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return config, err
	}
	config.Platform = profiles.Platform{Name: p.Name, Settings: p.Settings(hasComponent(mesh, profiles.Cni))}
	return config, nil
}

func hasComponent(mesh *profiles.Mesh, kind profiles.ComponentKind) bool {
	for _, component := range mesh.Components {
		if component.Kind == kind {
			return true
		}
	}
	return false
}

// resolve works the configuration out, and tells what looks wrong in it.
func resolve(env *Env, config profiles.Config, assets fs.FS) (*profiles.Mesh, error) {
	mesh, err := profiles.Resolve(config, assets)
	if err != nil {
		return nil, err
	}
	env.warnAll(mesh.Warnings)
	return mesh, checkOKE(env, mesh)
}
