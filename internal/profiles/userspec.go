package profiles

// UserSpec is what the user asked for, in files and by flags, as one
// IstioOperator spec: resolving it alone gives the same mesh again, also with
// the profiles of a later version. Settings that the user removed are null.
func (m *Mesh) UserSpec() map[string]any {
	spec, _ := m.asked.said().(map[string]any)
	if spec == nil {
		spec = map[string]any{}
	}
	spec["profile"] = m.Profile
	return spec
}

// said is the part of a tree that the user wrote; nil if that is nothing. A
// list is replaced as a whole, so it is the user's if any element is.
func (n *node) said() any {
	switch n.kind {
	case mapping:
		fields := map[string]any{}
		for name, field := range n.fields {
			if field.saysAnything() {
				fields[name] = field.said()
			}
		}
		return fields
	case list:
		items := make([]any, len(n.items))
		for i, item := range n.items {
			items[i] = item.plain()
		}
		return items
	}
	return n.value
}

// saysAnything reports whether the user wrote a part of the tree.
func (n *node) saysAnything() bool {
	for _, field := range n.fields {
		if field.saysAnything() {
			return true
		}
	}
	for _, item := range n.items {
		if item.saysAnything() {
			return true
		}
	}
	return len(n.fields) == 0 && len(n.items) == 0 && n.origin.User()
}
