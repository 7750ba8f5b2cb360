package cli

import (
	"fmt"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/ui"
)

type dashboardView struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
	Service   string `json:"service,omitempty"`
	Pod       string `json:"pod,omitempty"`
	URL       string `json:"url,omitempty"`
	// Error says why there is no URL.
	Error string `json:"error,omitempty"`
}

func viewOfDashboard(d dashboard.Dashboard, session *dashboard.Session) dashboardView {
	return dashboardView{
		Name:      d.Name,
		Namespace: session.Pod.Namespace,
		Service:   session.Service,
		Pod:       session.Pod.Name,
		URL:       session.URL,
	}
}

// Kind implements ui.View.
func (dashboardView) Kind() string { return "Dashboard" }

// Text implements ui.View.
func (v dashboardView) Text(w ui.Writer) error {
	_, err := fmt.Fprintln(w, v.URL)
	return err
}

// dashboardsView is several dashboards and the page that lists them.
type dashboardsView struct {
	URL        string          `json:"url"`
	Dashboards []dashboardView `json:"dashboards"`
}

func viewOfDashboards(list *dashboard.Session, group *dashboard.Group) dashboardsView {
	view := dashboardsView{URL: list.URL}
	statuses, _ := group.Statuses()
	for _, status := range statuses {
		one := dashboardView{Name: status.Dashboard.Name}
		if status.Session != nil {
			one = viewOfDashboard(status.Dashboard, status.Session)
		} else if status.Err != nil {
			one.Error = status.Err.Error()
		}
		view.Dashboards = append(view.Dashboards, one)
	}
	return view
}

// Kind implements ui.View.
func (dashboardsView) Kind() string { return "Dashboards" }

// Text implements ui.View.
func (v dashboardsView) Text(w ui.Writer) error {
	const all = "all"
	width := len(all)
	for _, one := range v.Dashboards {
		if one.URL != "" {
			width = max(width, len(one.Name))
		}
	}
	if _, err := fmt.Fprintf(w, "%-*s  %s\n", width, all, v.URL); err != nil {
		return err
	}
	for _, one := range v.Dashboards {
		if one.URL == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%-*s  %s\n", width, one.Name, one.URL); err != nil {
			return err
		}
	}
	return nil
}
