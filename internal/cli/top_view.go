package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/ui"
)

// topView is a table of figures with the time at which it was true.
type topView struct {
	At     time.Time `json:"at"`
	Window string    `json:"window"`
	Total  figures   `json:"total"`
	Sort   string    `json:"sort"`
	statView
	total traffic.Numbers
	// problem is why there is nothing newer.
	problem error
}

func newTopView(picture traffic.Picture, by traffic.By, namespace, sort string) topView {
	view := topView{
		At: picture.At, Window: traffic.Period(picture.Window), Sort: sort,
		statView: statView{By: by, rows: picture.Stat(by, namespace)},
	}
	for _, row := range view.rows {
		view.total.Add(row.Numbers)
	}
	view.Total = figuresOf(view.total)
	return view
}

// printer shows one look after the other.
func (o *topOptions) printer(env *Env, screen *ui.Screen) func(topView) error {
	looks := 0
	return func(view topView) error {
		live := o.output.Is(ui.Text) && env.IO.OutTerminal()
		if view.problem != nil && !live {
			env.warn(view.problem.Error()) // the same figures again would look like new ones
			return nil
		}
		looks++
		switch {
		case o.output.Is(ui.Text):
			return screen.Show(view.Text)
		case o.output.Is(ui.YAML) && looks > 1:
			fmt.Fprintln(env.IO.Out, "---")
		}
		view.statView = view.complete()
		return ui.Print(env.IO.Stdout(), o.output, view)
	}
}

// Kind names the view in JSON and YAML.
func (topView) Kind() string { return "TrafficTop" }

// Text writes the table for people.
func (v topView) Text(w ui.Writer) error {
	fmt.Fprintln(w, v.headline(w.Theme))
	if v.problem != nil {
		ui.Warning(w, "no newer figures: "+v.problem.Error())
	}
	if len(v.rows) == 0 {
		fmt.Fprintln(w, "no traffic")
		return nil
	}
	return v.statView.Text(w)
}

// headline is the time and what all rows come to.
func (v topView) headline(theme ui.Theme) string {
	said := []string{v.At.Format(time.TimeOnly), "over " + v.Window, "by " + v.Sort}
	one, many := "workload", "workloads"
	switch v.By {
	case traffic.ByService:
		one, many = "service", "services"
	case traffic.ByNamespace:
		one, many = "namespace", "namespaces"
	}
	totals := []string{ui.Plural(len(v.rows), one, many)}
	if v.total.RPS > 0 {
		share, _ := v.total.Success()
		totals = append(totals, rateText(v.total.RPS)+" requests/s", successStyle(share, theme).Render(shareText(share)+" succeed"))
	}
	if tcp := v.total.Received + v.total.Sent; tcp > 0 {
		totals = append(totals, bytesText(tcp)+" TCP")
	}
	return theme.Muted.Render(strings.Join(said, ", ")) + "  " + strings.Join(totals, ", ")
}
