package analyze

import "slices"

// knowledge is how far a mesh is known: whether something that is not in the
// input can be said not to exist.
type knowledge struct {
	all    bool
	listed map[Kind]bool
	// declared are the kinds of which documents have at least one, by namespace.
	declared map[Kind]map[string]bool
}

func newKnowledge(in Input, kinds map[Kind][]*Resource) knowledge {
	k := knowledge{all: in.Complete, listed: map[Kind]bool{}, declared: map[Kind]map[string]bool{}}
	for _, kind := range in.Listed {
		k.listed[kind] = true
	}
	for kind, resources := range kinds {
		namespaces := map[string]bool{}
		last := "\x00"
		for _, r := range resources { // ordered, so that most have the namespace of the last
			if !r.Live() && r.Namespace != last {
				last = r.Namespace
				namespaces[r.Namespace] = true
			}
		}
		k.declared[kind] = namespaces
	}
	return k
}

// Knows says whether an object of the kind exists only if the mesh has it: all
// of them were listed from a cluster, or the files declare others of the kind in
// the namespace. An empty namespace stands for any, or for none if the kind is of
// the cluster: files of an application do not tell what runs in other namespaces.
func (m *Mesh) Knows(kind Kind, namespace string) bool {
	k := m.known
	if k.all || k.listed[kind] {
		return true
	}
	return k.declared[kind][namespace]
}

// Absences builds the list for Diagnostic.Absent: kinds that are missing in one
// namespace, or in any if that is empty.
func Absences(namespace string, kinds ...Kind) []Absence {
	absent := make([]Absence, len(kinds))
	for i, kind := range kinds {
		absent[i] = Absence{Kind: kind, Namespace: namespace}
	}
	return absent
}

// unverifiable finds the first absence that may not be one.
func (m *Mesh) unverifiable(absent []Absence) (Absence, bool) {
	at := slices.IndexFunc(absent, func(a Absence) bool { return !m.Knows(a.Kind, a.Namespace) })
	if at < 0 {
		return Absence{}, false
	}
	return absent[at], true
}
