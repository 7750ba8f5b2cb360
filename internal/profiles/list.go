package profiles

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Summary is what a list of profiles says about one.
type Summary struct {
	Name        string
	Description string          // the comment the profile's file begins with
	Components  []ComponentKind // that are on, in the order they are installed
}

// List summarises the built-in profiles, sorted by name.
func List(assets fs.FS) ([]Summary, error) {
	known, err := names(assets, profileDir)
	if err != nil {
		return nil, err
	}
	summaries := make([]Summary, 0, len(known))
	for _, name := range known {
		text, err := fs.ReadFile(assets, path.Join(profileDir, name+".yaml"))
		if err != nil {
			return nil, fmt.Errorf("reading profile %s: %w", name, err)
		}
		spec, err := readProfile(assets, name, Origin{})
		if err != nil {
			return nil, err
		}
		summary := Summary{Name: name, Description: description(text)}
		for _, row := range components() {
			if len(row.settings(spec)) > 0 {
				summary.Components = append(summary.Components, row.kind)
			}
		}
		summaries = append(summaries, summary)
	}
	return summaries, nil
}

// description is the first line of a file, if it is a comment.
func description(text []byte) string {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	comment, isComment := strings.CutPrefix(string(line), "#")
	if !isComment {
		return ""
	}
	return strings.TrimSpace(comment)
}
