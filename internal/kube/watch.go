package kube

import (
	"context"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"

	"github.com/meshctl/meshctl/internal/object"
)

// watch judges some objects of one kind and namespace by what becomes of them. It
// returns when the context ends, something does not pass by itself, or nothing
// has come for a minute.
func (c *Cluster) watch(ctx context.Context, where view, refs []object.Ref, tally *tally) error {
	located, how, found, err := c.locate(ctx, refs[0])
	if err != nil {
		return err
	}
	if !found {
		return &UnknownKindError{Group: where.kind.Group, Kind: where.kind.Kind}
	}
	byName := make(map[string]object.Ref, len(refs))
	for _, ref := range refs {
		byName[ref.Name] = ref
	}
	resource := c.at(located, c.place(how, where.namespace))
	s := &stream{
		list: func(ctx context.Context, options metav1.ListOptions) ([]object.Object, string, error) {
			return c.list(ctx, resource, options)
		},
		watch: resource.Watch,
		all: func(objects []object.Object) {
			present := make(map[string]*object.Object, len(byName))
			for i := range objects {
				present[objects[i].GetName()] = &objects[i]
			}
			for name, ref := range byName {
				tally.see(ref, present[name])
			}
		},
		one: func(live object.Object, gone bool) {
			ref, ours := byName[live.GetName()]
			switch {
			case !ours:
			case gone:
				tally.see(ref, nil)
			default:
				tally.see(ref, &live)
			}
		},
		silent: func(err error, waited time.Duration) bool { return hopeless(err) || waited >= time.Minute },
	}
	if len(refs) == 1 {
		s.options.FieldSelector = fields.OneTermEqualSelector(metav1.ObjectNameField, refs[0].Name).String()
	}
	if err := s.run(ctx); err != nil {
		return c.explain(ctx, "watching "+where.kind.String(), refs[0], err)
	}
	return nil
}
