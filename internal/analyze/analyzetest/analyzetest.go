// Package analyzetest runs a check over the files of its testdata folder. What
// the check is to find is written where it is to find it:
//
//	ports:
//	  - name: foo # want IST0118 "does not say"
//	    port: 80
//	  - name: http-foo # near IST0118 the prefix is enough
//
// "want CODE REGEXP" may stand several times in a comment. A finding that no
// comment wants fails the test, and so does a comment that no finding meets.
// "near CODE reason" marks what is almost a finding and must not be one.
//
// Each .yaml file, and each folder, is a mesh of its own that has all there is.
// A comment line "# mesh: open" anywhere in it says that it has not; then
// "want-unverified" comments stand for findings that cannot be certain. A file
// cluster.yaml in a folder has the facts of a cluster. The line
// "# mesh: cluster NAME" puts a file of a folder into the cluster of that name.
package analyzetest

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// Run checks an analyzer against all of testdata.
func Run(t *testing.T, a *analyze.Analyzer) {
	t.Helper()
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, entry := range entries {
		name := entry.Name()
		if !entry.IsDir() && filepath.Ext(name) != ".yaml" {
			continue
		}
		ran++
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			run(t, a, filepath.Join("testdata", name))
		})
	}
	if ran == 0 {
		t.Error("testdata has no .yaml file")
	}
}

func run(t *testing.T, a *analyze.Analyzer, path string) {
	t.Helper()
	c := read(t, path)
	meshes := c.meshes(t)
	var reports []*analyze.Report
	for _, mesh := range meshes {
		report, err := analyze.Run(t.Context(), mesh, []*analyze.Analyzer{a}, analyze.Options{})
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, report)
	}
	report := analyze.Merge(reports)
	for _, broken := range report.Broken {
		t.Errorf("%s failed: %v", broken.Analyzer, broken.Err)
	}
	c.meet(t, "want", report.Findings)
	c.meet(t, "want-unverified", report.Unverified)
	for _, w := range c.wants {
		if !w.met {
			t.Errorf("%s:%d: nothing was found that is %s %q", w.file, w.line, w.code, w.text)
		}
	}
}

// want is an expectation in a comment.
type want struct {
	file       string
	line       int
	word, code string
	text       *regexp.Regexp
	met        bool
}

// clusterFile has what a cluster says of itself. Findings about the cluster have
// no position; they are wanted anywhere in it.
const clusterFile = "cluster.yaml"

func (w *want) at(p object.Position) bool {
	if p.File == "" {
		return filepath.Base(w.file) == clusterFile
	}
	return w.file == p.File && w.line == p.Line
}

type content struct {
	input analyze.Input
	// clusters are the documents of each cluster that has a name.
	clusters map[string][]object.Document
	wants    []*want
}

// meshes are one for each cluster.
func (c *content) meshes(t *testing.T) []*analyze.Mesh {
	t.Helper()
	if len(c.clusters) == 0 {
		c.clusters = map[string][]object.Document{"": nil}
	}
	var meshes []*analyze.Mesh
	for _, name := range slices.Sorted(maps.Keys(c.clusters)) {
		input := c.input
		input.Cluster, input.Documents = name, append(slices.Clip(input.Documents), c.clusters[name]...)
		mesh, err := analyze.NewMesh(t.Context(), input)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range mesh.Unread() {
			t.Error(err)
		}
		meshes = append(meshes, mesh)
	}
	analyze.Join(meshes)
	return meshes
}

func read(t *testing.T, path string) content {
	t.Helper()
	c := content{input: analyze.Input{Complete: true, Namespace: "default"}, clusters: map[string][]object.Document{}}
	err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		documents := object.Documents(file, text)
		switch filepath.Base(file) {
		case "meshconfig.yaml":
			c.input.MeshConfig = &documents[0]
		case "meshnetworks.yaml":
			c.input.MeshNetworks = &documents[0]
		case clusterFile:
			c.input.Settings.Cluster = &analyze.ClusterFacts{}
			if err := yaml.Unmarshal(text, c.input.Settings.Cluster); err != nil {
				return err
			}
		default:
			if cluster := clusterComment.FindSubmatch(text); cluster != nil {
				name := string(cluster[1])
				c.clusters[name] = append(c.clusters[name], documents...)
			} else {
				c.input.Documents = append(c.input.Documents, documents...)
			}
		}
		if strings.Contains(string(text), "# mesh: open") {
			c.input.Complete = false
		}
		if day := today.FindStringSubmatch(string(text)); day != nil {
			if c.input.Settings.Now, err = time.Parse(time.DateOnly, day[1]); err != nil {
				return err
			}
		}
		return c.expect(file, string(text))
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	today          = regexp.MustCompile(`(?m)^# now: (\S+)$`)
	clusterComment = regexp.MustCompile(`(?m)^# mesh: cluster (\S+)`)
	comment        = regexp.MustCompile(`#.*\bwant(-unverified)? (IST|MSH)`)
	wanted         = regexp.MustCompile(`\b(want-unverified|want) ((?:IST|MSH)\d{4}) ("(?:[^"\\]|\\.)*"|` + "`[^`]*`" + `)`)
)

func (c *content) expect(file, text string) error {
	number := 0
	for line := range strings.Lines(text) {
		number++
		if !comment.MatchString(line) {
			continue
		}
		for _, found := range wanted.FindAllStringSubmatch(line, -1) {
			unquoted, err := strconv.Unquote(found[3])
			if err != nil {
				return fmt.Errorf("%s:%d: %w", file, number, err)
			}
			pattern, err := regexp.Compile(unquoted)
			if err != nil {
				return fmt.Errorf("%s:%d: %w", file, number, err)
			}
			c.wants = append(c.wants, &want{file: file, line: number, word: found[1], code: found[2], text: pattern})
		}
	}
	return nil
}

func (c *content) meet(t *testing.T, word string, findings []analyze.Finding) {
	t.Helper()
	for _, f := range findings {
		at := slices.IndexFunc(c.wants, func(w *want) bool {
			return !w.met && w.word == word && w.code == f.Code.ID && w.at(f.Position) && w.text.MatchString(f.Message)
		})
		if at < 0 {
			t.Errorf("%s:%d:%d: unexpected %s on %s at %s: %s", f.Position.File, f.Position.Line, f.Position.Column, f.Code.ID, f.Resource, f.Field, f.Message)
			continue
		}
		c.wants[at].met = true
	}
}
