package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/meshctl/meshctl/internal/profiles"
)

// settingsFile is the config file, checked against the commands there are.
type settingsFile struct {
	// path is where it is, or would be.
	path string
	// settings are keyed by command words and flag, joined by blanks.
	settings map[string]setting
	problems []error
}

// configPath is the config file to read, and whether the user asked for it, so
// that it must be there.
func configPath(env *Env) (path string, asked bool) {
	if env.Global.ConfigFile != "" {
		return env.Global.ConfigFile, true
	}
	if path := env.Getenv("MESHCTL_CONFIG"); path != "" {
		return path, true
	}
	// The XDG rules say to take no notice of a path that is not absolute.
	base := env.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(base) {
		home := env.Getenv("HOME")
		if home == "" {
			home = env.Getenv("USERPROFILE")
		}
		if home == "" {
			return "", false
		}
		base = filepath.Join(home, ".config")
	}
	return filepath.Join(base, programName, "config.yaml"), false
}

// loadSettings reads and checks the config file. The error joins all that is
// wrong with it.
func loadSettings(env *Env, root *cobra.Command) (*settingsFile, error) {
	path, asked := configPath(env)
	file := &settingsFile{path: path, settings: map[string]setting{}}
	if path == "" {
		return file, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return file, nil
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	document, err := parseSettings(path, text)
	if err != nil {
		return nil, err
	}
	if document != nil {
		file.section(root, nil, document)
	}
	return file, errors.Join(file.problems...)
}

func unreadable(path string, err error) error {
	if cause, ok := errors.AsType[*fs.PathError](err); ok {
		err = cause.Err
	}
	return &SettingError{Place: path, Problem: "reading config file: " + err.Error()}
}

// yamlLine finds the place in what the YAML parser says, which is text only.
var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

// parseSettings returns the mapping that the file holds; nil if it is empty.
func parseSettings(path string, text []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document, second yaml.Node
	err := decoder.Decode(&document)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err == nil && !errors.Is(decoder.Decode(&second), io.EOF) {
		err = errors.New("yaml: holds more than one document")
	}
	if err != nil {
		place, problem := path, strings.TrimPrefix(err.Error(), "yaml: ")
		if line := yamlLine.FindStringSubmatch(err.Error()); line != nil {
			place, problem = path+":"+line[1], strings.TrimPrefix(err.Error(), line[0])
		}
		return nil, &SettingError{Place: place, Problem: problem}
	}
	content := document.Content[0]
	switch {
	case content.Tag == "!!null":
		return nil, nil
	case content.Kind != yaml.MappingNode:
		return nil, &SettingError{Place: fmt.Sprintf("%s:%d", path, content.Line), Problem: "must be a mapping of settings to values"}
	}
	return content, nil
}

// section checks and collects the settings of cmd and of the commands below it.
func (f *settingsFile) section(cmd *cobra.Command, path []string, mapping *yaml.Node) {
	first := map[string]int{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], resolved(mapping.Content[i+1])
		here := append(slices.Clip(path), key.Value)
		name := strings.Join(here, ".")
		if line, twice := first[key.Value]; twice {
			f.problem(key, "%s is set in line %d already", name, line)
			continue
		}
		first[key.Value] = key.Line
		flag, child := settableFlag(cmd, key.Value), commandNamed(cmd, key.Value)
		switch {
		case value.Tag == "!!null":
			// An empty section, or a setting that is left at its default.
			if flag == nil && child == nil {
				f.unknown(cmd, key, name)
			}
		case child != nil && (value.Kind == yaml.MappingNode || flag == nil):
			if value.Kind != yaml.MappingNode {
				f.problem(value, "%s is a command, so its flags must be set below it", name)
				continue
			}
			f.section(child, here, value)
		case flag != nil:
			f.value(flag, here, value)
		default:
			f.unknown(cmd, key, name)
		}
	}
}

// value takes the value of one flag.
func (f *settingsFile) value(flag *pflag.Flag, path []string, node *yaml.Node) {
	name := strings.Join(path, ".")
	items := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		if !repeatable(flag) {
			f.problem(node, "%s takes one value, not a list", name)
			return
		}
		items = node.Content
	}
	found := setting{source: source{fromFile, fmt.Sprintf("%s:%d", f.path, node.Line)}}
	for _, item := range items {
		item = resolved(item)
		if item.Kind != yaml.ScalarNode {
			f.problem(item, "%s must be plain text, a number or true or false", name)
			return
		}
		if expected := wants(flag, item.Value); expected != nil {
			f.problem(item, "%s cannot be %q: %s", name, item.Value, expected)
			return
		}
		found.texts = append(found.texts, item.Value)
	}
	if len(found.texts) > 0 {
		f.settings[strings.Join(path, " ")] = found
	}
}

func (f *settingsFile) find(path []string) (setting, bool) {
	found, ok := f.settings[strings.Join(path, " ")]
	return found, ok
}

func (f *settingsFile) problem(at *yaml.Node, format string, args ...any) {
	f.problems = append(f.problems, &SettingError{
		Place: fmt.Sprintf("%s:%d", f.path, at.Line), Problem: fmt.Sprintf(format, args...),
	})
}

func (f *settingsFile) unknown(cmd *cobra.Command, key *yaml.Node, name string) {
	var known []string
	for _, flag := range settable(cmd) {
		known = append(known, flag.Name)
	}
	for _, child := range cmd.Commands() {
		known = append(known, child.Name())
	}
	f.problems = append(f.problems, &SettingError{
		Place: fmt.Sprintf("%s:%d", f.path, key.Line), Problem: fmt.Sprintf("there is no setting %s", name),
		Unknown: true, Near: profiles.Near(key.Value, known),
	})
}

// resolved follows an alias to what it stands for.
func resolved(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

func settableFlag(cmd *cobra.Command, name string) *pflag.Flag {
	for _, flag := range settable(cmd) {
		if flag.Name == name {
			return flag
		}
	}
	return nil
}

func commandNamed(cmd *cobra.Command, name string) *cobra.Command {
	for _, child := range cmd.Commands() {
		if child.Name() == name {
			return child
		}
	}
	return nil
}
