package object

// Document is the text of one YAML document and where it starts.
type Document struct {
	Source Source
	Text   []byte
	// Rendered is set where the text is not what the source has, but was made
	// from it: such a document cannot be edited.
	Rendered *Rendering
	// Item says that the text is one item of a list that was cut into pieces.
	Item bool
}

// Rendering tells where the lines of a rendered document come from.
type Rendering struct {
	// Lines has the line of the source for each line of the text, 0 where it is
	// not known. If it is nil, lines are counted in the rendered text.
	Lines []int
}

// LineOf is the line of the source from which a line of the text is; both count
// from 1. Where a rendered line cannot be traced back, it is that of the nearest
// one above, and where there is none, the first.
func (d Document) LineOf(line int) int {
	if d.Rendered == nil || d.Rendered.Lines == nil {
		return max(d.Source.Line, 1) + line - 1
	}
	for at := min(line, len(d.Rendered.Lines)); at > 0; at-- {
		if known := d.Rendered.Lines[at-1]; known > 0 {
			return known
		}
	}
	return max(d.Source.Line, 1)
}

// From is the rendering of the text from a line on.
func (r *Rendering) From(line int) *Rendering {
	if r.Lines == nil || line < 1 || line > len(r.Lines) {
		return r
	}
	return &Rendering{Lines: r.Lines[line-1:]}
}
