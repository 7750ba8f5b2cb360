package profiles

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const (
	defaultProfile   = "default"
	defaultRevision  = "default"
	defaultNamespace = "istio-system"

	profileDir       = "profiles"
	overlayDir       = "profiles/values"
	compatibilityDir = "profiles/compatibility"
	platformDir      = "profiles/platform"
	chartDir         = "charts"

	roleKey = "gatewayRole" // by which the gateways chart learns which gateway it is
)

// readProfile reads a profile, which is the default one with its own spec on
// top.
func readProfile(assets fs.FS, name string, place Origin) (*node, error) {
	known, err := names(assets, profileDir)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(known, name) {
		return nil, &UnknownProfileError{Name: name, Known: known, Near: Near(name, known), Place: place}
	}
	spec, err := readProfileFile(assets, defaultProfile)
	if err != nil || name == defaultProfile {
		return spec, err
	}
	own, err := readProfileFile(assets, name)
	return merge(spec, own), err
}

func readProfileFile(assets fs.FS, name string) (*node, error) {
	text, err := fs.ReadFile(assets, path.Join(profileDir, name+".yaml"))
	if err != nil {
		return nil, fmt.Errorf("reading profile %s: %w", name, err)
	}
	origin := Origin{Kind: FromProfile, Name: name}
	document, err := decodeOne(text, origin)
	if err != nil {
		return nil, err
	}
	found, err := readOperator(document)
	if found.spec == nil {
		found.spec = newMapping(origin)
	}
	return found.spec, err
}

// names lists the YAML files of a folder by their names without the ending.
func names(assets fs.FS, folder string) ([]string, error) {
	entries, err := fs.ReadDir(assets, folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", folder, err)
	}
	var found []string
	for _, entry := range entries {
		if name, isYAML := strings.CutSuffix(entry.Name(), ".yaml"); isYAML && !entry.IsDir() {
			found = append(found, name)
		}
	}
	slices.Sort(found) // files are sorted with their ending
	return found, nil
}

// charts are the default values of each chart.
type charts map[string]*node

func readCharts(assets fs.FS) (charts, error) {
	found := charts{}
	for _, row := range components() {
		if found[row.chart] != nil {
			continue
		}
		text, err := fs.ReadFile(assets, path.Join(chartDir, row.chart, "values.yaml"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the values of chart %s: %w", row.chart, err)
		}
		if found[row.chart], err = decodeOne(text, Origin{Kind: FromChart, Name: row.chart}); err != nil {
			return nil, err
		}
		delete(found[row.chart].fields, roleKey)
		delete(found[row.chart].fields, addOnsKey)
	}
	return found, nil
}

// shared lays the defaults of all charts into one tree. Where two charts say
// the same, the one installed first is named as the origin.
func (c charts) shared() *node {
	values := newMapping(Origin{})
	for _, row := range slices.Backward(components()) {
		values = merge(values, c[row.chart])
	}
	return values
}

// defaults are the values a component starts from: those of its own chart, so
// that no chart's idea of the shared settings changes another's, and for an
// add-on also what the other add-ons listen on.
func (c charts) defaults(of component) *node {
	values := newMapping(Origin{})
	for _, row := range components() {
		if of.addOn && row.addOn {
			values = merge(values, newMapping(Origin{}).with(c[row.chart].at(row.root...), row.root...))
		}
	}
	return merge(values, c[of.chart])
}

// overlay is a set of values chosen by name.
type overlay struct {
	what   string // for people
	folder string
	choice *node    // the leaf that names it, nil if none does
	path   []string // of that leaf, below spec
}

func (o overlay) read(assets fs.FS) (*node, error) {
	if o.choice == nil || o.choice.text == "" {
		return nil, nil //nolint:nilnil // nothing was chosen
	}
	name := o.choice.text
	known, err := names(assets, o.folder)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(known, name) {
		return nil, &InputError{
			Place:   o.choice.origin,
			Path:    pathText(append([]string{"spec"}, o.path...)),
			Problem: fmt.Sprintf("unknown %s %q", o.what, name),
			Hint:    either(didYouMean(Near(name, known)), "known are "+strings.Join(known, ", ")),
		}
	}
	text, err := fs.ReadFile(assets, path.Join(o.folder, name+".yaml"))
	if err != nil {
		return nil, fmt.Errorf("reading %s %s: %w", o.what, name, err)
	}
	return decodeOne(text, Origin{Kind: FromOverlay, Name: o.what + " " + name})
}

// pathText joins the steps of a path as --set takes it.
func pathText(steps []string) string {
	var text strings.Builder
	for _, step := range steps {
		if text.Len() > 0 && !strings.HasPrefix(step, "[") {
			text.WriteByte('.')
		}
		if !strings.HasPrefix(step, "[") {
			step = strings.ReplaceAll(step, ".", `\.`)
		}
		text.WriteString(step)
	}
	return text.String()
}
