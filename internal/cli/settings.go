package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// A setting is the value of a flag that was not typed. It comes from the
// environment or from the config file, in which
//
//	namespace: shop         is --namespace of every command,
//	install:
//	  profile: demo         is --profile of install, and
//	manifest:
//	  generate:
//	    profile: minimal    that of manifest generate.
//
// The variables are MESHCTL_NAMESPACE, MESHCTL_INSTALL_PROFILE and
// MESHCTL_MANIFEST_GENERATE_PROFILE. A flag wins over a variable, a variable
// over the file, and in each of them what is said for a command over what is
// said for all.
type setting struct {
	// texts are what would be typed after the flag; more than one for flags that may be repeated.
	texts []string
	// source is where the setting comes from.
	source source
}

type source struct {
	kind sourceKind
	// place is the variable, "file:line", or the flag.
	place string
}

type sourceKind string

const (
	fromFlag    sourceKind = "flag"
	fromEnv     sourceKind = "env"
	fromFile    sourceKind = "file"
	fromDefault sourceKind = "default"
)

// SettingError is a setting that makes no sense.
type SettingError struct {
	// Place is the variable or "file:line".
	Place   string
	Problem string
	// Unknown settings are not known to any command; Near are those the user may have meant.
	Unknown bool
	Near    []string
}

func (e *SettingError) Error() string { return e.Place + ": " + e.Problem }

// annotationSettings marks commands whose flags are not completed before they run.
const annotationSettings = "meshctl.dev/settings"

// withoutSettings marks a command that works even if the config file is broken.
func withoutSettings() map[string]string { return map[string]string{annotationSettings: "none"} }

// lateSettings marks a command that must see which flags were typed, and then
// calls applySettings itself.
func lateSettings() map[string]string { return map[string]string{annotationSettings: "late"} }

// configure completes the flags of a command that is about to run by the
// settings, and then checks those rules about flags that cobra knows.
func configure(env *Env, cmd *cobra.Command) error {
	if cmd.Annotations[annotationSettings] == "" {
		if err := applySettings(env, cmd); err != nil {
			return err
		}
	}
	if err := cmd.ValidateRequiredFlags(); err != nil {
		return asUsage(cmd, err)
	}
	return asUsage(cmd, cmd.ValidateFlagGroups())
}

func applySettings(env *Env, cmd *cobra.Command) error {
	file, err := loadSettings(env, cmd.Root())
	if err != nil {
		return err
	}
	layers, err := layersOf(env, file, cmd)
	if err != nil {
		return err
	}
	typed := map[string]bool{}
	cmd.Flags().Visit(func(flag *pflag.Flag) { typed[flag.Name] = true })
	for _, flag := range settable(cmd) {
		// Of flags that exclude each other the typed one wins, as a typed value
		// wins over a setting.
		if slices.ContainsFunc(rivals(flag), func(name string) bool { return typed[name] }) {
			continue
		}
		chosen, ok := layers.Get(flag.Name).(setting)
		if !ok {
			continue
		}
		if ordered, ok := flag.Value.(*setFlag); ok {
			ordered.beforeTyped()
		}
		for _, text := range chosen.texts {
			if err := cmd.Flags().Set(flag.Name, text); err != nil {
				return badValue(chosen, flag, text, err)
			}
		}
	}
	return nil
}

func badValue(from setting, flag *pflag.Flag, text string, err error) error {
	problem := err.Error()
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		problem = plainCause(invalid.Unwrap()).Error()
	}
	return &SettingError{Place: from.source.place, Problem: fmt.Sprintf("%s cannot be %q: %s", flag.Name, text, problem)}
}

// layersOf stacks what is said about the flags of one command: the file, the
// environment over it, and typed flags on top.
func layersOf(env *Env, file *settingsFile, cmd *cobra.Command) (*viper.Viper, error) {
	path := pathOf(cmd)
	inFile, inEnv := map[string]any{}, map[string]any{}
	for _, flag := range settable(cmd) {
		if found, ok := file.find(append(path, flag.Name)); ok {
			inFile[flag.Name] = found
		} else if found, ok := file.find([]string{flag.Name}); ok && isGlobal(cmd, flag) {
			inFile[flag.Name] = found
		}
		if found, ok := variable(env, flag, append(path, flag.Name)); ok {
			inEnv[flag.Name] = found
		} else if found, ok := variable(env, flag, []string{flag.Name}); ok && isGlobal(cmd, flag) {
			inEnv[flag.Name] = found
		}
	}
	layers := viper.New()
	for _, layer := range []map[string]any{inFile, inEnv} {
		if err := layers.MergeConfigMap(layer); err != nil {
			return nil, fmt.Errorf("merging settings: %w", err)
		}
	}
	return layers, layers.BindPFlags(cmd.Flags())
}

// variable looks a setting up in the environment. A flag that may be repeated
// takes each line of the variable, so that values may hold commas.
func variable(env *Env, flag *pflag.Flag, path []string) (setting, bool) {
	name := variableName(path)
	text := env.Getenv(name)
	if text == "" {
		return setting{}, false
	}
	texts := []string{text}
	if repeatable(flag) {
		texts = strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	}
	return setting{texts: texts, source: source{fromEnv, name}}, true
}

func variableName(path []string) string {
	return "MESHCTL_" + strings.ToUpper(strings.ReplaceAll(strings.Join(path, "_"), "-", "_"))
}

// settable are the flags of a command that settings may set, by name. --config
// is not one of them: it says where settings are.
func settable(cmd *cobra.Command) []*pflag.Flag {
	var flags []*pflag.Flag
	collect := func(flag *pflag.Flag) {
		if flag.Name != "help" && flag.Name != "config" && flag.Deprecated == "" {
			flags = append(flags, flag)
		}
	}
	cmd.LocalFlags().VisitAll(collect)
	if cmd.HasParent() {
		cmd.InheritedFlags().VisitAll(collect)
	}
	return flags
}

// pathOf is where the settings of a command are: its words without the program.
func pathOf(cmd *cobra.Command) []string {
	var path []string
	for ; cmd.HasParent(); cmd = cmd.Parent() {
		path = append(path, cmd.Name())
	}
	slices.Reverse(path)
	return slices.Clip(path)
}

func repeatable(flag *pflag.Flag) bool {
	_, ok := flag.Value.(pflag.SliceValue)
	return ok
}

// rivals are the flags that must not be given together with flag.
func rivals(flag *pflag.Flag) []string {
	const annotation = "cobra_annotation_mutually_exclusive" // cobra keeps the name to itself
	var names []string
	for _, group := range flag.Annotations[annotation] {
		names = append(names, strings.Fields(group)...)
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == flag.Name })
}
