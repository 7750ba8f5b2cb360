// Package extension has the rules of WasmPlugins and TrafficExtensions.
package extension

import (
	"net/url"
	"strings"

	extensions "istio.io/api/extensions/v1alpha1"
	types "istio.io/api/type/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// CheckPlugin judges a WasmPlugin.
func CheckPlugin(j *rules.Judge, spec *extensions.WasmPlugin) {
	j.Attached(spec, spec.GetTargetRef())
	at := rules.At("spec")
	module(j, spec, at)
	for i, match := range spec.GetMatch() {
		ports(j, match.GetPorts(), at.Field("match").Item(i).Field("ports"))
	}
}

// longestCode is how long a program in Lua may be.
const longestCode = 65536

// CheckTraffic judges a TrafficExtension.
func CheckTraffic(j *rules.Judge, spec *extensions.TrafficExtension) {
	j.Attached(spec, nil)
	at := rules.At("spec")
	switch filter := spec.GetFilterConfig().(type) {
	case nil:
		j.Wrong(at, "a TrafficExtension needs what to run: wasm or lua")
	case *extensions.TrafficExtension_Wasm:
		module(j, filter.Wasm, at.Field("wasm"))
	case *extensions.TrafficExtension_Lua:
		switch length := len(filter.Lua.GetInlineCode()); {
		case length == 0:
			j.Wrong(at.Field("lua").Field("inlineCode"), "a filter in Lua needs inlineCode")
		case length > longestCode:
			j.Wrong(at.Field("lua").Field("inlineCode"), "the program has %d bytes, and there can be %d", length, longestCode)
		}
	}
	for i, match := range spec.GetMatch() {
		ports(j, match.GetPorts(), at.Field("match").Item(i).Field("ports"))
	}
}

func ports(j *rules.Judge, ports []*types.PortSelector, at *rules.Place) {
	for i, port := range ports {
		j.Port(port.GetNumber(), at.Item(i).Field("number"))
	}
}

// module judges a program in WebAssembly.
func module(j *rules.Judge, wasm interface {
	GetUrl() string
	GetSha256() string
	GetImagePullSecret() string
	GetPluginName() string
	GetVmConfig() *extensions.VmConfig
}, at *rules.Place,
) {
	if address := wasm.GetUrl(); address == "" {
		j.Wrong(at.Field("url"), "a url is needed: where the module is")
	} else if parsed, err := url.Parse(address); err != nil {
		j.Wrong(at.Field("url"), "%q is no URL", address)
	} else {
		switch parsed.Scheme {
		case "", "file", "http", "https", "oci":
		default:
			j.Wrong(at.Field("url"), "modules are read from oci, http, https or file, not from %s", parsed.Scheme)
		}
	}
	if sum := wasm.GetSha256(); sum != "" && (len(sum) != 64 || strings.Trim(sum, "0123456789abcdef") != "") {
		j.Wrong(at.Field("sha256"), "a SHA-256 sum has 64 digits of 0 to 9 and a to f, in small letters")
	}
	if length := len(wasm.GetImagePullSecret()); length > 253 {
		j.Wrong(at.Field("imagePullSecret"), "names of Secrets have 253 letters at most, and this one %d", length)
	}
	if length := len(wasm.GetPluginName()); length > 256 {
		j.Wrong(at.Field("pluginName"), "the name has 256 letters at most, and this one %d", length)
	}
	environment(j, wasm.GetVmConfig().GetEnv(), at.Field("vmConfig").Field("env"))
}

func environment(j *rules.Judge, env []*extensions.EnvVar, at *rules.Place) {
	seen := make(map[string]bool, len(env))
	for i, variable := range env {
		at, name := at.Item(i), variable.GetName()
		switch {
		case name == "":
			j.Wrong(at.Field("name"), "a variable needs a name")
		case len(name) > 256:
			j.Wrong(at.Field("name"), "the name of a variable has 256 letters at most, and this one %d", len(name))
		case seen[name]:
			j.Wrong(at.Field("name"), "there are two variables called %s", name)
		}
		seen[name] = true
		if variable.GetValueFrom() != extensions.EnvValueSource_INLINE && variable.GetValue() != "" {
			j.Wrong(at.Field("value"), "the value comes from %s, so it cannot be written here too", variable.GetValueFrom())
		}
	}
}
