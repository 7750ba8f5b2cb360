package rules

import "slices"

// ExportTo wants namespaces that are there once, and stars and tildes alone.
// hidden is true for kinds that may be exported to nobody.
func (j *Judge) ExportTo(exportTo []string, hidden bool) {
	for i, to := range exportTo {
		at := At("spec").Field("exportTo").Item(i)
		twin := slices.IndexFunc(exportTo[:i], func(other string) bool { return j.namespace(other) == j.namespace(to) })
		switch {
		case twin >= 0 && exportTo[twin] != to:
			j.Wrong(at, "%q and %q are the same namespace", exportTo[twin], to)
		case twin >= 0:
			j.Wrong(at, "%q is there twice", to)
		case to == "~" && !hidden:
			j.Wrong(at, "what nobody sees is of no use: ~ is for ServiceEntries only")
		case to == "~" && len(exportTo) > 1:
			j.Wrong(at, "~ means nobody, so there cannot be others beside it")
		case to == "*" && len(exportTo) > 1:
			j.Wrong(at, "* means all namespaces, so there is no need for others beside it")
		case to != "*" && to != "~" && to != "." && !IsLabel(to):
			j.Wrong(at, "%q is neither a namespace, nor a dot for this one, nor a star for all", to)
		}
	}
}

// namespace is the one that an entry of exportTo stands for.
func (j *Judge) namespace(to string) string {
	if to == "." {
		return j.On.Namespace
	}
	return to
}
