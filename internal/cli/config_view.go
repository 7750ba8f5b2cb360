package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/ui"
)

// settingsView is the answer of config view.
type settingsView struct {
	// File is where the config file is, or would be.
	File     string       `json:"file"`
	Settings []settingRow `json:"settings"`
}

type settingRow struct {
	path []string

	// Name is the key in the config file, Variable the same in the environment.
	Name     string     `json:"name"`
	Variable string     `json:"variable"`
	Value    string     `json:"value"`
	From     sourceKind `json:"from"`
	// Place is the flag, the variable or the line of the file.
	Place string `json:"place,omitempty"`
}

// named derives the names of a setting from its path.
func (r settingRow) named() settingRow {
	r.Name, r.Variable = strings.Join(r.path, "."), variableName(r.path)
	return r
}

// Kind implements ui.View.
func (settingsView) Kind() string { return "Settings" }

// Text implements ui.View.
func (v settingsView) Text(w ui.Writer) error {
	if len(v.Settings) == 0 {
		return nil
	}
	table := ui.NewTable("setting", "value", "from")
	for _, row := range v.Settings {
		from := row.Place
		if from == "" {
			from = string(row.From)
		}
		style := ui.Style{}
		if row.From == fromDefault {
			style = w.Theme.Muted
		}
		table.Cells(style.Cell(row.Name), style.Cell(row.Value), style.Cell(from))
	}
	return table.Print(w)
}

// defaultOf is the default of a flag in the form in which it would be typed.
func defaultOf(flag *pflag.Flag) string {
	if repeatable(flag) && flag.DefValue == "[]" {
		return ""
	}
	return flag.DefValue
}

func valueOf(flag *pflag.Flag) string {
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		return texts(list.GetSlice())
	}
	return flag.Value.String()
}

func texts(values []string) string { return strings.Join(values, ", ") }
