package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshctl/meshctl/internal/dashboard"
)

// dashboards are those that this program can open, in the order of help.
func dashboards(env *Env) []dashboard.Dashboard {
	return append(dashboard.All(), servedDashboards(env)...)
}

// servedDashboards are pages of this program: rows with Serve instead of what
// finds a pod. They are commands, members of --all and on its page like all others.
func servedDashboards(env *Env) []dashboard.Dashboard {
	return []dashboard.Dashboard{graphDashboard(env)}
}

// allDashboards are those that can be opened without saying more.
func allDashboards(env *Env) []dashboard.Dashboard {
	return slices.DeleteFunc(dashboards(env), func(d dashboard.Dashboard) bool { return d.NeedsPod })
}

// dashboardUsage is what may follow the name of a dashboard.
func dashboardUsage(d dashboard.Dashboard) string {
	switch {
	case d.NeedsPod:
		return " POD|KIND/NAME"
	case takesPod(d):
		return " [POD|KIND/NAME]"
	case len(d.Pages) > 0:
		return " [PAGE [NAME]] | [DASHBOARD...]"
	}
	return " [DASHBOARD...]"
}

// takesPod says whether users may say which pod they mean.
func takesPod(d dashboard.Dashboard) bool {
	return d.NeedsPod || slices.Contains(d.Selectors, "app=istiod")
}

func dashboardChildLong(d dashboard.Dashboard) string {
	head := "Open " + d.Title + ": " + d.Summary + ".\n\n"
	_, rest, _ := strings.Cut(dashboardLong, "\n\n")
	if d.NeedsPod {
		head += `A pod's own name opens that pod and no other; deploy/NAME, or the labels of -l,
open a ready one and go on with the next when it is replaced. NAME.NAMESPACE and
-n say where it is.

`
	}
	if len(d.Pages) > 0 {
		head += "PAGE opens one of these at once:\n" + dashboardPages(d) + "\n"
	}
	return head + rest
}

func dashboardPages(d dashboard.Dashboard) string {
	var text strings.Builder
	for _, page := range d.Pages {
		name := page.Name
		switch {
		case page.Of == dashboard.Query:
			name += " EXPRESSION"
		case page.Needs():
			name += " NAME"
		case page.Of != dashboard.Mesh:
			name += " [NAME]"
		}
		fmt.Fprintf(&text, "  %-20s %s\n", name, page.Title)
	}
	if slices.ContainsFunc(d.Pages, func(p dashboard.Page) bool { return p.Of == dashboard.Service || p.Of == dashboard.Workload }) {
		text.WriteString("NAME is NAME.NAMESPACE, or NAME in the namespace of -n.\n")
	}
	return text.String()
}

func dashboardExample(d dashboard.Dashboard) string {
	switch d.Name {
	case "grafana":
		return "  meshctl dashboard grafana\n\n  # one of its dashboards, about one service\n  meshctl dashboard grafana service reviews.bookinfo"
	case "prometheus":
		return "  meshctl dashboard prometheus\n\n  # with a graph\n  meshctl dashboard prometheus --query 'sum(rate(istio_requests_total[5m]))'"
	case "envoy":
		return "  meshctl dashboard envoy productpage-v1-7d4f8c9b6-x2x5v.bookinfo\n\n  # of any ready pod of a workload\n  meshctl dashboard envoy deploy/productpage-v1 -n bookinfo"
	}
	if d.Serve != nil {
		return fmt.Sprintf("  meshctl dashboard %[1]s\n\n  # beside others\n  meshctl dashboard %[1]s grafana", d.Name)
	}
	return fmt.Sprintf("  meshctl dashboard %[1]s\n\n  # where it has other labels than usual\n  meshctl dashboard %[1]s --service monitoring/my-%[1]s", d.Name)
}

// dashboardWords completes what may follow the name of a dashboard.
func dashboardWords(env *Env, d dashboard.Dashboard, args []string) []cobra.Completion {
	var words []cobra.Completion
	if len(args) == 0 {
		for _, page := range d.Pages {
			words = append(words, cobra.CompletionWithDesc(page.Name, page.Title))
		}
	}
	if d.NeedsPod || (len(args) > 0 && hasPage(d, args[0])) {
		return words
	}
	for _, other := range allDashboards(env) {
		if other.Name != d.Name && !slices.Contains(args, other.Name) {
			words = append(words, cobra.CompletionWithDesc(other.Name, other.Title))
		}
	}
	return words
}

func hasPage(d dashboard.Dashboard, name string) bool {
	return slices.ContainsFunc(d.Pages, func(p dashboard.Page) bool { return p.Name == name })
}
