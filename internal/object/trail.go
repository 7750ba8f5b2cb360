package object

import "slices"

// Trail is where a walk through a document stands. To go one step down costs
// nothing, since the trails of a walk share their memory: one is good until the
// walk has gone on to a value beside it. Path is what lasts.
type Trail []Step

// TrailFrom is the beginning of a walk, with room for most of them.
func TrailFrom(path Path) Trail {
	const deep = 16
	return append(make(Trail, 0, len(path)+deep), path...)
}

// Key goes to a field; its name may have dots and slashes.
func (t Trail) Key(name string) Trail { return append(t, Step{Name: name}) }

// Item goes to a list item.
func (t Trail) Item(index int) Trail { return append(t, Step{Index: index}) }

// Path is the way to where the trail is now.
func (t Trail) Path() Path { return Path(slices.Clone(t)) }
