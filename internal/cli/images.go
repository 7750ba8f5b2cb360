package cli

import (
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/buildinfo"
	"github.com/meshctl/meshctl/internal/images"
	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/profiles"
	"github.com/meshctl/meshctl/internal/ui"
)

func newImagesCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "images",
		Short: "List and mirror the container images of a mesh",
		Long: `List and mirror the container images of a mesh.

All of them count: those of the control plane, the gateways and the add-ons,
and those that istiod puts into other people's pods. For a cluster that cannot
reach the public registries:

  meshctl images push registry.example/mesh --profile ocne
  meshctl install --profile ocne --image-registry registry.example/mesh

Where no machine reaches both, 'save' and 'load' go through a file.`,
	}
	cmd.AddCommand(newImagesListCmd(env), newImagesSaveCmd(env), newImagesLoadCmd(env), newImagesPushCmd(env))
	return cmd
}

// imagesOptions are what the verbs have in common.
type imagesOptions struct {
	config configFlags
	output ui.Format
}

func (o *imagesOptions) bind(env *Env, cmd *cobra.Command) {
	o.config.bind(env, cmd)
	o.bindOutput(cmd)
}

func (o *imagesOptions) bindOutput(cmd *cobra.Command) {
	cmd.Flags().VarP(&o.output, "output", "o", "format of the answer: text, json or yaml")
}

func newImagesListCmd(env *Env) *cobra.Command {
	var o imagesOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List every image that a mesh pulls",
		Long: `List every image that a mesh pulls, and who needs it.

Templates that pods or gateways choose by themselves count too, whether or not
any does. What a pod asks for by an annotation of its own cannot be known here.`,
		Example: `  meshctl images list --profile demo
  meshctl images list -f mesh.yaml --image-registry registry.example/mesh -o json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			list, err := o.list(env)
			if err != nil {
				return err
			}
			return ui.Print(env.IO.Stdout(), o.output, imageListView{list})
		},
	}
	o.bind(env, cmd)
	return cmd
}

func newImagesSaveCmd(env *Env) *cobra.Command {
	var o imagesOptions
	cmd := &cobra.Command{
		Use:   "save PATH",
		Short: "Copy every image of a mesh into an archive",
		Long: `Copy every image of a mesh into an archive, for all platforms it is made for.

The archive is an OCI image layout: a file if PATH ends in .tar, else a folder.
containerd can import it ('ctr images import'), and so can kind ('kind load
image-archive'). Credentials are those that docker or podman has.`,
		Example: `  meshctl images save mesh.tar --profile ocne
  meshctl images save layout/ -f mesh.yaml --image-registry registry.example/mesh`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := o.listAll(env)
			if err != nil {
				return err
			}
			copied, err := copier(env).Save(cmd.Context(), list.Refs(), args[0])
			return o.finish(env, copied, err, fmt.Sprintf("'meshctl images load %s REGISTRY' copies them into a registry", args[0]))
		},
	}
	o.bind(env, cmd)
	return cmd
}

func newImagesLoadCmd(env *Env) *cobra.Command {
	var o imagesOptions
	cmd := &cobra.Command{
		Use:   "load PATH REGISTRY",
		Short: "Copy every image of an archive into a registry",
		Long: `Copy every image of an archive into a registry, under the names by which
--image-registry looks for them: REGISTRY, given as host/path, then the last
part of the image's name and its tag.`,
		Example: `  meshctl images load mesh.tar registry.example/mesh
  meshctl images load layout/ localhost:5000/mesh -o json`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkRegistry("REGISTRY", args[1]); err != nil {
				return err
			}
			copied, err := copier(env).Load(cmd.Context(), args[0], args[1])
			return o.finish(env, copied, err, installFrom(args[1]))
		},
	}
	o.bindOutput(cmd)
	return cmd
}

func newImagesPushCmd(env *Env) *cobra.Command {
	var o imagesOptions
	cmd := &cobra.Command{
		Use:   "push REGISTRY",
		Short: "Copy every image of a mesh into a registry",
		Long: `Copy every image of a mesh from where it is published into a registry, for all
platforms it is made for, under the names by which --image-registry looks for
them. Layers that are there already are not sent again.`,
		Example: `  meshctl images push registry.example/mesh --profile ocne
  meshctl images push localhost:5000/mesh -f mesh.yaml`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkRegistry("REGISTRY", args[0]); err != nil {
				return err
			}
			list, err := o.listAll(env)
			if err != nil {
				return err
			}
			copied, err := copier(env).Push(cmd.Context(), list.Refs(), args[0])
			return o.finish(env, copied, err, installFrom(args[0]))
		},
	}
	o.bind(env, cmd)
	return cmd
}

func installFrom(registry string) string {
	return fmt.Sprintf("'meshctl install --image-registry %s' takes every image from there", registry)
}

// list finds the images of the mesh that the flags ask for.
func (o *imagesOptions) list(env *Env) (images.List, error) {
	config, assets, err := o.config.load(env)
	if err != nil {
		return images.List{}, err
	}
	mesh, err := resolve(env, config, assets)
	if err != nil {
		return images.List{}, err
	}
	return imagesOf(mesh, assets)
}

// listAll is list where an image that is not known would be missed.
func (o *imagesOptions) listAll(env *Env) (images.List, error) {
	list, err := o.list(env)
	for _, unknown := range list.Unknown {
		env.warn(fmt.Sprintf("an image of %s is left out: %s", unknown.NeededBy, unknown.Why))
	}
	return list, err
}

func imagesOf(mesh *profiles.Mesh, assets fs.FS) (images.List, error) {
	manifest, err := render.Render(mesh, assets)
	if err != nil {
		return images.List{}, err
	}
	return images.Of(manifest.Objects())
}

func copier(env *Env) images.Copier {
	return images.Copier{
		UserAgent: programName + "/" + buildinfo.Get().Version,
		Report: func(copied images.Copied) {
			if copied.Done || env.Global.Quiet {
				return
			}
			fmt.Fprintf(env.IO.Err, "%s -> %s\n", copied.Image, copied.Target)
		},
	}
}

// finish tells what was copied, and what to do with it.
func (o *imagesOptions) finish(env *Env, copied []images.Copied, err error, next string) error {
	if err != nil {
		return err
	}
	if !o.output.Is(ui.Text) {
		return ui.Print(env.IO.Stdout(), o.output, copiedView{Images: copied})
	}
	if !env.Global.Quiet {
		ui.Success(env.IO.Stderr(), ui.Plural(len(copied), "image is copied", "images are copied"))
		ui.Hint(env.IO.Stderr(), env.named(next))
	}
	return nil
}
