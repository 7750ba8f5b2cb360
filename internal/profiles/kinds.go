package profiles

// Kinds lists the kinds of components in the order in which they are installed.
func Kinds() []ComponentKind {
	var kinds []ComponentKind
	for _, row := range components() {
		kinds = append(kinds, row.kind)
	}
	return kinds
}
