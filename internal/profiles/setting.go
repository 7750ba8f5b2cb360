package profiles

// Setting is one setting that a flag of its own stands for. It beats files; a
// --set of the user's beats it, unless it is the last word.
type Setting struct {
	Path  []string // below spec; "[0]" picks an element of a list
	Value string
	Flag  string // with its argument, for messages
	Last  bool   // it beats everything
}

// assignment is the setting as --set would make it.
func (s Setting) assignment() (assignment, error) {
	path, err := parsePath(pathText(s.Path))
	place := Origin{Kind: FromSet, Name: s.Flag}
	if err != nil {
		return assignment{}, &InputError{Place: place, Problem: err.Error()}
	}
	return assignment{path: path, value: newScalar(s.Value, place), place: place}, nil
}

// PathText joins the steps of a path as --set takes it.
func PathText(steps []string) string { return pathText(steps) }
