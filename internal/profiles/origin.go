package profiles

import (
	"strconv"
	"strings"
)

// OriginKind says what sort of layer a value came from.
type OriginKind int

// The layers, weakest first. FromNowhere is the zero Origin: nothing is there.
const (
	FromNowhere  OriginKind = iota
	FromChart               // the defaults of a chart
	FromVersion             // the images of a version of Istio
	FromOverlay             // values for a profile, a compatibility version or a platform
	FromProfile             // a profile
	FromPlatform            // the platform of the cluster
	FromFile                // a file of the user's
	FromSet                 // a flag: --set, --profile or --revision
	FromDerived             // computed from another setting
)

// Origin is where a value came from.
type Origin struct {
	Kind OriginKind
	Name string // of the chart, overlay, profile or file; the flag with its argument; the setting it is derived from
	Line int    // in that file; of a flag, which one it is: 1 is the first; 0 where neither means anything
}

// String is short: "profile demo", "mesh.yaml:12", "--set", "chart istiod",
// "derived from spec.hub".
func (o Origin) String() string {
	switch o.Kind {
	case FromChart:
		return "chart " + o.Name
	case FromOverlay:
		return o.Name
	case FromProfile:
		return "profile " + o.Name
	case FromVersion:
		return "Istio " + o.Name
	case FromPlatform:
		return "platform " + o.Name
	case FromFile:
		return o.place()
	case FromSet:
		flag, _, _ := strings.Cut(o.Name, " ")
		return flag
	case FromDerived:
		return "derived from " + o.Name
	default:
		return ""
	}
}

// User reports whether the user said so, in a file or by a flag.
func (o Origin) User() bool { return o.Kind == FromFile || o.Kind == FromSet }

// place is the origin as errors print it: a flag with its whole argument, any
// other layer with its line.
func (o Origin) place() string {
	name := o.Name
	switch o.Kind {
	case FromFile:
		if name == "-" {
			name = "stdin"
		}
	case FromSet:
		return name
	case FromChart, FromVersion, FromOverlay, FromProfile, FromPlatform:
		name = o.String()
	}
	if o.Line > 0 {
		name += ":" + strconv.Itoa(o.Line)
	}
	return name
}
