package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/profiles"
)

// bindSets adds --set and its kin to a command. They fill one list, because a
// later one beats an earlier one, whatever their names.
func bindSets(cmd *cobra.Command, list *[]profiles.Set) {
	for _, flag := range []struct {
		as        profiles.SetKind
		shorthand string
		usage     string
	}{
		{profiles.SetScalar, "s", "override one setting, as `path=value`: values.pilot.traceSampling=10; may be repeated, later ones win"},
		{profiles.SetText, "", "like --set, but the value of `path=text` is text even if it looks like a number or a boolean"},
		{profiles.SetFile, "", "like --set, but the value is the text in a file, as `path=file`"},
		{profiles.SetJSON, "", "like --set, but the value is JSON, as `path=json`: 'values.pilot.nodeSelector={\"disk\":\"ssd\"}'"},
	} {
		bound := cmd.Flags().VarPF(newSetFlag(flag.as, list), flag.as.Flag(), flag.shorthand, flag.usage)
		bound.DefValue = "[]"
	}
}

// setFlag is one of the flags that fill the list.
type setFlag struct {
	pflag.SliceValue // holds the arguments of this flag alone
	pflag.Value      // is the same
	as               profiles.SetKind
	list             *[]profiles.Set
	first            bool // what comes now goes before what was typed
}

func newSetFlag(as profiles.SetKind, list *[]profiles.Set) *setFlag {
	var own pflag.FlagSet
	own.StringArray(as.Flag(), nil, "")
	value := own.Lookup(as.Flag()).Value
	slice, _ := value.(pflag.SliceValue) // a string array is one
	return &setFlag{SliceValue: slice, Value: value, as: as, list: list}
}

// beforeTyped is called when the arguments that follow are from the config file
// or the environment, which the command line beats.
func (f *setFlag) beforeTyped() { f.first = true }

// Set adds an argument.
func (f *setFlag) Set(argument string) error {
	at := len(*f.list)
	if f.first {
		at = len(f.GetSlice()) // this flag was not typed, so these are all settings
	}
	*f.list = slices.Insert(*f.list, at, profiles.Set{As: f.as, Argument: argument})
	return f.Value.Set(argument)
}

// withFiles reads the files that --set-file names.
func withFiles(env *Env, sets []profiles.Set) ([]profiles.Set, error) {
	read := slices.Clone(sets)
	for i, set := range read {
		_, name, found := strings.Cut(set.Argument, "=")
		if set.As != profiles.SetFile || !found {
			continue
		}
		if name == "" || name == "-" {
			return nil, usageErrorf("--set-file %s: expected path=file", set.Argument)
		}
		data, err := readInput(env, name, false)
		if err != nil {
			return nil, err
		}
		read[i].Data = data
	}
	return read, nil
}
