package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// turn makes the URL lead to the page that was asked for.
func (s *Session) turn(ctx context.Context) {
	if s.options.Page == nil {
		return
	}
	page := *s.options.Page
	if page.UID != "" {
		if page.UID = s.uidOf(ctx, page); page.UID == "" {
			s.NoPage = true
			return
		}
	}
	s.URL = s.Base + page.Link(s.options.About)
}

// uidOf asks Grafana how it knows a page. Those that others brought may have
// another UID, or one that Grafana made up; the title is the same. Who may not
// ask without a login gets the usual UID, and only an answer that there is no
// such page makes it empty.
func (s *Session) uidOf(ctx context.Context, page Page) string {
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	known, err := s.get(ctx, "/api/dashboards/uid/"+page.UID)
	if err != nil || known.status != http.StatusNotFound {
		return page.UID
	}
	found, err := s.get(ctx, "/api/search?type=dash-db&query="+url.QueryEscape(page.Title))
	if err != nil || found.status != http.StatusOK {
		return page.UID
	}
	var pages []struct{ UID, Title string }
	if json.Unmarshal([]byte(found.body), &pages) != nil {
		return page.UID
	}
	for _, one := range pages {
		if one.Title == page.Title {
			return one.UID
		}
	}
	return ""
}

// get asks the program of the session for a page below its base.
func (s *Session) get(ctx context.Context, path string) (answer, error) {
	return prober{dashboard: s.dashboard, dial: s.gate.dial}.get(ctx, s.backend, s.backend.base+path)
}
