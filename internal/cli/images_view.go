package cli

import (
	"strings"

	"github.com/meshctl/meshctl/internal/images"
	"github.com/meshctl/meshctl/internal/ui"
)

// imageListView is the answer of images list.
type imageListView struct{ images.List }

// Kind implements ui.View.
func (imageListView) Kind() string { return "ImageList" }

// Text implements ui.View.
func (v imageListView) Text(w ui.Writer) error {
	table := ui.NewTable("image", "needed by")
	for _, image := range v.Images {
		table.Row(image.Ref, needed(image.NeededBy))
	}
	for _, unknown := range v.Unknown {
		table.Row("not known here", unknown.NeededBy+": "+unknown.Why)
	}
	return table.Print(w)
}

// copiedView is the answer of images save, load and push.
type copiedView struct {
	Images []images.Copied `json:"images"`
}

// Kind implements ui.View.
func (copiedView) Kind() string { return "CopiedImages" }

// Text is not used: people read the story on stderr.
func (copiedView) Text(ui.Writer) error { return nil }

// needed lists who needs an image, with all templates behind one word.
func needed(by []string) string {
	var names, templates []string
	for _, one := range by {
		if template, ok := strings.CutPrefix(one, images.TemplatePrefix); ok {
			templates = append(templates, template)
			continue
		}
		names = append(names, one)
	}
	if len(templates) > 0 {
		names = append(names, "injection of "+strings.Join(templates, ", "))
	}
	return strings.Join(names, ", ")
}
