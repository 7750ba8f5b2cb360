package landing

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/meshctl/meshctl/internal/dashboard"
)

// view is what the templates show.
type view struct {
	Cluster, Program string
	Cards            []card
	// Absent are dashboards that are not installed.
	Absent []card
	Up     int
}

// card is one dashboard.
type card struct {
	Name, Title, Summary string
	// Class is the state as a name for styles, State what users read.
	Class, State string
	URL          string
	// Shown is the URL as users read it.
	Shown string
	Pod   string
	Took  string
	// Trouble says what is wrong, and Hints what to do about it.
	Trouble string
	Hints   []string
	Links   []link
}

type link struct{ Title, URL string }

func (p Page) view(statuses []dashboard.Status, host string) view {
	v := view{Cluster: p.Cluster, Program: p.Program}
	for _, status := range statuses {
		c := p.card(status, host)
		switch c.Class {
		case "absent":
			v.Absent = append(v.Absent, c)
			continue
		case "up":
			v.Up++
		}
		v.Cards = append(v.Cards, c)
	}
	return v
}

func (p Page) card(status dashboard.Status, host string) card {
	d := status.Dashboard
	c := card{Name: d.Name, Title: d.Title, Summary: d.Summary}
	c.Class, c.State, c.Trouble = describe(status)
	if status.Err != nil && status.Phase == dashboard.Failed {
		c.Hints = p.Hints(status.Err)
	}
	session := status.Session
	if session == nil {
		return c
	}
	base := p.seenFrom(session.Base, host)
	c.URL, c.Shown = base, strings.TrimPrefix(base, "http://")
	if session.Pod.Name != "" {
		c.Pod = session.Pod.Namespace + "/" + session.Pod.Name
	}
	if c.Class == "up" && status.Asked && session.Pod.Name != "" {
		c.Took = millis(status.Took)
	}
	for _, page := range d.Pages {
		// What needs a name cannot be opened from here, and a graph of nothing is the start.
		if !page.Needs() {
			c.Links = append(c.Links, link{Title: shortTitle(page), URL: base + page.Link(dashboard.About{})})
		}
	}
	return c
}

// describe puts a status in a class and in words.
func describe(status dashboard.Status) (class, state, trouble string) {
	switch {
	case status.Phase == dashboard.Opening:
		return "opening", "opening", ""
	case status.Phase == dashboard.Reconnecting:
		return "reconnecting", "reconnecting", "The connection was lost (" + text(status.Err) + "); looking for a ready pod."
	case status.Phase == dashboard.Failed:
		if _, absent := errors.AsType[*dashboard.NotInstalledError](status.Err); absent {
			return "absent", "not installed", ""
		}
		return "failed", "not available", status.Err.Error()
	case status.Sick != nil:
		return "sick", "not well", "Asked how it is: " + text(status.Sick) + "."
	}
	return "up", "up", ""
}

func text(err error) string {
	if err == nil {
		return "for no known reason"
	}
	return dashboard.Reason(err)
}

// seenFrom is a URL as the machine has it that asked for the page.
func (p Page) seenFrom(base, host string) string {
	ip, err := netip.ParseAddr(p.Address)
	if err != nil || !ip.IsUnspecified() {
		return base
	}
	parsed, err := url.Parse(base)
	if err != nil {
		return base
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	parsed.Host = net.JoinHostPort(name, parsed.Port())
	return parsed.String()
}

func millis(took time.Duration) string {
	if took < time.Millisecond {
		return "under 1 ms"
	}
	return fmt.Sprintf("%d ms", took.Milliseconds())
}

// shortTitle leaves out what all titles of a dashboard have in common.
func shortTitle(page dashboard.Page) string {
	return strings.TrimSuffix(strings.TrimPrefix(page.Title, "Istio "), " Dashboard")
}
