package rules

import (
	_ "embed"

	"github.com/meshctl/meshctl/internal/analyze"
)

//go:embed IST0106.md
var ist0106 string

//go:embed IST0130.md
var ist0130 string

//go:embed IST0131.md
var ist0131 string

//go:embed IST0133.md
var ist0133 string

// The codes that rules report.
//
//nolint:gochecknoglobals // codes are immutable values with an identity
var (
	Invalid     = &analyze.Code{ID: "IST0106", Severity: analyze.Error, Title: "A resource breaks a rule of its kind", Doc: ist0106}
	Dubious     = &analyze.Code{ID: "IST0133", Severity: analyze.Warning, Title: "A resource says something that hardly is meant", Doc: ist0133}
	Unreachable = &analyze.Code{ID: "IST0130", Severity: analyze.Warning, Title: "A rule of a VirtualService is never used", Doc: ist0130}
	Ineffective = &analyze.Code{ID: "IST0131", Severity: analyze.Info, Title: "A match of a VirtualService is never used", Doc: ist0131}
)
