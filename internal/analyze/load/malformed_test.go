package load_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/load"
)

// bomb is a text of which each line has nine times the one before.
func bomb() string {
	text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\na0: &a0 [lol, lol, lol]\n"
	for i := range 12 {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), ", "))
	}
	return text
}

// TestMalformed reads what nobody should write. Each file has one error at one
// place, or none, and takes no more memory than it is worth.
func TestMalformed(t *testing.T) {
	const head = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n"
	for name, test := range map[string]struct {
		text string
		want string // empty: one object
	}{
		"cut":               {head + "spec:\n  ports: [{port: 80", `file\.yaml:\d: .*did not find expected`},
		"cut in quotes":     {head + "spec:\n  type: \"Clu", `file\.yaml:5: `},
		"tab":               {head + "spec:\n\tports: []\n", `file\.yaml:5: .*cannot start any token`},
		"second document":   {head + "---\n" + head + "spec: [}\n", `file\.yaml:8: `},
		"duplicate key":     {head + "spec:\n  type: ClusterIP\n  type: NodePort\n", `file\.yaml:6: "type" is there twice`},
		"no mapping":        {head + "spec: {}\nplain text\n", `file\.yaml:\d: `},
		"null byte":         {head + "spec: {}\n# \x00\n", `file\.yaml:5: there is a NUL byte in it`},
		"binary":            {"\x7fELF\x02\x01\x01\x00\x00", `file\.yaml:1: there is a NUL byte in it`},
		"UTF-16":            {"\xFF\xFEa\x00", `file\.yaml:1: the text is UTF-16`},
		"broken UTF-8":      {head + "spec: {type: \xc3\x28}\n", `file\.yaml:\d: .*UTF-8`},
		"bomb":              {bomb(), `file\.yaml:\d+: its aliases expand to more than`},
		"anchor of itself":  {head + "spec: &a [*a]\n", `file\.yaml:4: .*`},
		"deep in brackets":  {head + "spec: " + strings.Repeat("[", 100_000), `file\.yaml:\d: `},
		"deep in lines":     {head + "spec:\n" + strings.Repeat("- ", 100_000) + "a\n", `file\.yaml:\d: `},
		"deep JSON":         {`{"apiVersion":"v1","kind":"Service","spec":` + strings.Repeat(`{"a":`, 100_000), `file\.yaml:1: `},
		"no name":           {"apiVersion: v1\nkind: Service\n", `file\.yaml:1: Service has no name`},
		"large":             {head + "spec:\n" + strings.Repeat("  - a line of a large document\n", 3_400_000), `file\.yaml:1: the document has 100 MiB; no cluster takes an object of more than 3`},
		"large, one line":   {head + "data: {a: " + strings.Repeat("x", 100<<20) + "}\n", `file\.yaml:1: the document has 100 MiB`},
		"CRLF":              {strings.ReplaceAll(head, "\n", "\r\n"), ""},
		"byte order mark":   {"\uFEFF" + head, ""},
		"empty":             {"", "no object"},
		"comments only":     {"# nothing\n---\n\n---\n# here\n", "no object"},
		"end of a document": {head + "...\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile("file.yaml", []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			meter := allocated()
			objects, unread := analyse(t)
			const allowed = 64 << 20
			if used := meter(); used > uint64(allowed+2*len(test.text)) {
				t.Errorf("reading %d bytes took %d MiB", len(test.text), used>>20)
			}
			switch {
			case test.want == "" || test.want == "no object":
				if want := map[bool]int{true: 1, false: 0}[test.want == ""]; objects != want || len(unread) > 0 {
					t.Errorf("got %d objects and %v, want %d", objects, unread, want)
				}
			case len(unread) != 1 || !regexp.MustCompile("^"+test.want).MatchString(unread[0].Error()):
				t.Errorf("got %v, want %s", unread, test.want)
			}
		})
	}
}

// allocated counts the bytes that are allocated until it is called.
func allocated() func() uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	return func() uint64 {
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
}

func analyse(t *testing.T) (objects int, unread []error) {
	t.Helper()
	files, err := load.Sources{}.Read(t.Context(), []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	mesh, err := analyze.NewMesh(t.Context(), analyze.Input{Documents: files.Documents, Unread: files.Unread, Namespace: "default"})
	if err != nil {
		t.Fatal(err)
	}
	return mesh.Len(), mesh.Unread()
}

// TestLargeLists reads what a cluster prints: lists are cut, so that they can be
// larger than any object.
func TestLargeLists(t *testing.T) {
	const services = 30_000
	for name, list := range map[string]func(*strings.Builder){
		"list.yaml": func(text *strings.Builder) {
			text.WriteString("apiVersion: v1\nitems:\n")
			for i := range services {
				fmt.Fprintf(text, "- apiVersion: v1\n  kind: Service\n  metadata:\n    name: s%d\n    annotations:\n      text: |\n        - not an item\n  spec:\n    ports:\n    - port: 80\n", i)
			}
			text.WriteString("kind: List\nmetadata:\n  resourceVersion: \"\"\n")
		},
		"list.json": func(text *strings.Builder) {
			text.WriteString(`{"apiVersion": "v1", "items": [`)
			for i := range services {
				fmt.Fprintf(text, "%s\n{\"apiVersion\": \"v1\", \"kind\": \"Service\",\n \"metadata\": {\"name\": \"s%d\"}, \"spec\": {\"ports\": [{\"port\": 80}],\n \"selector\": {\"text\": \"]}\"}}}", strings.Repeat(",", min(i, 1)), i)
			}
			text.WriteString(`], "kind": "List"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			var text strings.Builder
			list(&text)
			if err := os.WriteFile(filepath.Base(name), []byte(text.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			objects, unread := analyse(t)
			if objects != services || len(unread) > 0 {
				t.Errorf("got %d objects and %v, want %d", objects, unread, services)
			}
		})
	}
}
