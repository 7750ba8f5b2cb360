package inject

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzReader wants the fast reader and the library to agree on everything.
func FuzzReader(f *testing.F) {
	for _, text := range append(manifests(f),
		"a: 1\nb: [1,\n  2\n]\nc: |\n  x\n\n  y\nd:\n- 1\n- a: b\n  c: {d: e}\n-\n  - 1\n", "a:\n  b: c\n d: e\n", "- a\n- b: c\n",
		"a: yes\non: 1\n1: 2\n", "a: 'x\n  y'\nb: \"c\"\n", "a: b # c\n# d\ne: f\n", "a: b: c\n", "a:\n  - b\n  c: d\n", "a: ]\n]\n", "a:\n- |\n  x\n- >-\n  y\n",
		"a: 1\na: 2\n", "a:\n\n\nb:\n", "a: x\n  y\n", "- - a\n  - b\n", "a: 2001-01-01\nb: 0x1f\nc: 1e3\nd: 012\ne: .5\n",
	) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, wantErr := readMap([]byte(text))
		var parsers parsers
		for range 2 { // the second time with memory that was used
			got, err := parsers.fields([]byte(text))
			if (err != nil) != (wantErr != nil) {
				t.Fatalf("got error %v, the library %v", err, wantErr)
			}
			// In JSON, 1e3 and 1000 are one.
			if err == nil && !reflect.DeepEqual(whole(want), whole(got)) {
				t.Fatal(cmp.Diff(want, got))
			}
		}
	})
}
