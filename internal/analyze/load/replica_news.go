package load

import (
	"maps"
	"reflect"

	"github.com/meshctl/meshctl/internal/object"
)

// all takes a whole answer.
func (r *Replica) all(a *answer, objects []object.Object) {
	fresh := make(map[object.Ref]object.Object, len(objects))
	for _, o := range objects {
		fresh[o.Ref()] = lean(o)
	}
	r.update(func() (news bool) {
		// Who asked first still waits, and needs not be told.
		news = a.settled && (a.err != nil || !maps.EqualFunc(a.objects, fresh, same))
		a.objects, a.err, a.trouble = fresh, nil, nil
		a.settle()
		return news
	})
}

// one takes what became of one object.
func (r *Replica) one(q question, a *answer, o object.Object, gone bool) {
	o = lean(o)
	r.update(func() bool {
		ref := o.Ref()
		before, there := a.objects[ref]
		if gone {
			delete(a.objects, ref)
			return there
		}
		a.objects[ref] = o
		// Of names nothing else tells that what they stand for has changed.
		if q.names {
			return !there || before.GetResourceVersion() != o.GetResourceVersion()
		}
		return !there || !same(before, o)
	})
}

func (r *Replica) troubled(a *answer, err error) {
	r.update(func() (news bool) {
		news = (a.trouble == nil) != (err == nil)
		a.trouble = err
		return news
	})
}

// failed takes the end of an observation. What is known stays; if that is
// nothing, the error is the answer.
func (r *Replica) failed(a *answer, err error) {
	r.update(func() (news bool) {
		news = a.settled && a.err == nil && a.trouble == nil
		if a.settled && a.err == nil {
			a.trouble = err
			return news
		}
		a.err = err
		a.settle()
		return news
	})
}

func (a *answer) settle() {
	a.settled = true
	select {
	case <-a.ready:
	default:
		close(a.ready)
	}
}

// update changes an answer, and says so if that is news.
func (r *Replica) update(change func() (news bool)) {
	r.mu.Lock()
	news := change()
	if news {
		r.version++
	}
	r.mu.Unlock()
	if news {
		r.changed()
	}
}

// lean leaves out what nobody looks at and takes much space.
func lean(o object.Object) object.Object {
	o.SetManagedFields(nil)
	return o
}

// same says whether two states of an object differ in nothing that an analysis
// looks at: their versions always do.
func same(a, b object.Object) bool {
	if a.GetResourceVersion() == b.GetResourceVersion() {
		return true
	}
	return reflect.DeepEqual(content(a), content(b))
}

func content(o object.Object) map[string]any {
	fields := maps.Clone(o.Object)
	metadata, ok := fields["metadata"].(map[string]any)
	if ok {
		metadata = maps.Clone(metadata)
		delete(metadata, "resourceVersion")
		delete(metadata, "generation")
		fields["metadata"] = metadata
	}
	return fields
}
