package cli

import (
	"fmt"

	"github.com/meshctl/meshctl/internal/install/render"
	"github.com/meshctl/meshctl/internal/profiles"
)

// chartHints say which values a template that failed has read, and who set them.
func chartHints(e *render.ChartError) []string {
	if len(e.Values) == 0 && e.Refused {
		return nil
	}
	if len(e.Values) == 0 {
		return []string{"a value that the chart does not expect is the usual cause"}
	}
	var hints []string
	for _, used := range e.Values {
		origin := used.Origin.String()
		if used.Origin.Kind == profiles.FromSet {
			origin = used.Origin.Name // the flag with its argument
		}
		hints = append(hints, fmt.Sprintf("it reads %s, which %s sets", used.Path, origin))
	}
	return hints
}
