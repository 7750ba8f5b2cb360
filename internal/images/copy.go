package images

import (
	"context"
	"fmt"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// Copier copies images. Credentials are those docker and podman keep.
type Copier struct {
	// UserAgent is how registries hear who asks.
	UserAgent string
	// Report hears of each image that is to be copied, and of each that was.
	Report func(Copied)
}

// Copied is one image on its way.
type Copied struct {
	Image  string `json:"image"`
	Target string `json:"target"`
	// Digest is of the whole image, an index of all platforms if it is one.
	Digest string `json:"digest,omitempty"`
	// Platforms are those the image is for, of an index.
	Platforms []string `json:"platforms,omitempty"`
	// Done tells the end of it from its beginning.
	Done bool `json:"-"`
}

// content is an image or an index of images for several platforms.
type content struct {
	index  v1.ImageIndex
	image  v1.Image
	digest v1.Hash
}

// layersAtOnce is how many layers of an image are copied side by side.
const layersAtOnce = 4

func (c Copier) options(ctx context.Context) []remote.Option {
	return []remote.Option{
		remote.WithContext(ctx),
		remote.WithAuthFromKeychain(authn.DefaultKeychain),
		remote.WithUserAgent(c.UserAgent),
		remote.WithJobs(layersAtOnce),
	}
}

// Save copies images from their registries into an archive: an OCI layout in a
// folder, or in a file if the name ends in .tar. Images of the same name that
// are there already are replaced.
func (c Copier) Save(ctx context.Context, refs []string, archive string) ([]Copied, error) {
	var copied []Copied
	err := writeLayout(archive, func(path layout.Path) error {
		for _, ref := range refs {
			c.Report(Copied{Image: ref, Target: archive})
			found, err := c.pull(ctx, ref)
			if err == nil {
				err = found.into(path, ref)
			}
			if err != nil {
				return explain("saving", ref, err)
			}
			copied = append(copied, c.done(ref, archive, found))
		}
		return nil
	})
	return copied, err
}

// Load copies all images of an archive into a registry.
func (c Copier) Load(ctx context.Context, archive, registry string) ([]Copied, error) {
	var copied []Copied
	err := readLayout(archive, func(path layout.Path) error {
		all, refs, err := contents(path)
		if err != nil {
			return fmt.Errorf("reading %s: %w", archive, err)
		}
		targets, err := Targets(refs, registry)
		if err != nil {
			return err
		}
		for i, ref := range refs {
			c.Report(Copied{Image: ref, Target: targets[ref]})
			if err := c.push(ctx, all[i], targets[ref]); err != nil {
				return explain("pushing", targets[ref], err)
			}
			copied = append(copied, c.done(ref, targets[ref], all[i]))
		}
		return nil
	})
	return copied, err
}

// Push copies images from their registries into another.
func (c Copier) Push(ctx context.Context, refs []string, registry string) ([]Copied, error) {
	targets, err := Targets(refs, registry)
	if err != nil {
		return nil, err
	}
	var copied []Copied
	for _, ref := range refs {
		c.Report(Copied{Image: ref, Target: targets[ref]})
		found, err := c.pull(ctx, ref)
		if err != nil {
			return copied, explain("pulling", ref, err)
		}
		if err := c.push(ctx, found, targets[ref]); err != nil {
			return copied, explain("pushing", targets[ref], err)
		}
		copied = append(copied, c.done(ref, targets[ref], found))
	}
	return copied, nil
}

func (c Copier) done(ref, target string, of content) Copied {
	copied := Copied{Image: ref, Target: target, Digest: of.digest.String(), Platforms: of.platforms(), Done: true}
	c.Report(copied)
	return copied
}

// pull finds an image; its layers are fetched when they are written elsewhere.
func (c Copier) pull(ctx context.Context, ref string) (content, error) {
	parsed, err := name.ParseReference(ref)
	if err != nil {
		return content{}, err
	}
	found, err := remote.Get(parsed, c.options(ctx)...)
	if err != nil {
		return content{}, err
	}
	all := content{digest: found.Digest}
	if found.MediaType.IsIndex() {
		all.index, err = found.ImageIndex()
	} else {
		all.image, err = found.Image()
	}
	return all, err
}

func (c Copier) push(ctx context.Context, of content, target string) error {
	parsed, err := name.ParseReference(target)
	if err != nil {
		return err
	}
	// A name with a digest and a tag is parsed as the digest alone.
	if of.index != nil {
		return remote.WriteIndex(parsed, of.index, c.options(ctx)...)
	}
	return remote.Write(parsed, of.image, c.options(ctx)...)
}

// platforms lists what an index has images for. Signatures and the like, whose
// platform is unknown, are none.
func (of content) platforms() []string {
	if of.index == nil {
		return nil
	}
	manifest, err := of.index.IndexManifest()
	if err != nil {
		return nil
	}
	var platforms []string
	for _, one := range manifest.Manifests {
		if one.Platform != nil && one.Platform.OS != "unknown" && one.Platform.OS != "" {
			platforms = append(platforms, one.Platform.String())
		}
	}
	return platforms
}
