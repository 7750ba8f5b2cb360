package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/meshctl/meshctl/e2e/prometheus"
)

// grafana is as much of Grafana as asks Prometheus: variables, and what they and
// its macros become in a query.
type grafana struct{ server *prometheus.Server }

type variable struct {
	Name, Type, Regex, AllValue string
	Query                       any
	IncludeAll, Multi           bool
	Current                     struct{ Value any }
}

// values are what is chosen for variables. A nil list is "All".
type values map[string][]string

// choice is one state of a dashboard.
type choice struct {
	dashboard dashboard
	values    values
}

// defaults are the values before anybody has chosen: those of the file, and all.
func (g grafana) defaults(d dashboard) values {
	chosen := values{}
	for _, v := range d.Templating.List {
		switch current := v.Current.Value.(type) {
		case []any:
			if v.IncludeAll {
				chosen[v.Name] = nil
				continue
			}
			for _, value := range current {
				chosen[v.Name] = append(chosen[v.Name], fmt.Sprint(value))
			}
		default:
			chosen[v.Name] = []string{"none"}
		}
	}
	return chosen
}

// choices are the states that one gets by choosing each value of the variables that have one, and all of the others.
// Every variable has to have a value in some of them.
func (g grafana) choices(t *testing.T, d dashboard) []choice {
	t.Helper()
	all := []values{g.defaults(d)}
	for _, v := range d.Templating.List {
		if v.Type != "query" {
			continue
		}
		var next []values
		seen := false
		for _, chosen := range all {
			offered, err := g.offers(t.Context(), v, d, chosen)
			if err != nil {
				t.Errorf("variable %s: %v", v.Name, err)
			}
			seen = seen || len(offered) > 0
			if v.IncludeAll {
				next = append(next, chosen)
				continue
			}
			for _, one := range offered {
				with := maps.Clone(chosen)
				with[v.Name] = []string{one}
				next = append(next, with)
			}
		}
		if !seen {
			t.Errorf("variable %s has no values, whatever is chosen for those before it", v.Name)
		}
		all = next
	}
	states := make([]choice, len(all))
	for i, chosen := range all {
		states[i] = choice{d, chosen}
	}
	return states
}

// offers are the values of a variable: those of a label, or what its expression finds in the answer to a query.
func (g grafana) offers(ctx context.Context, v variable, d dashboard, chosen values) ([]string, error) {
	object, _ := v.Query.(map[string]any)
	text := interpolate(fmt.Sprint(object["query"]), d, chosen)
	if found := regexp.MustCompile(`^label_values\((.+),\s*(\w+)\)$`).FindStringSubmatch(text); found != nil {
		var offered []string
		err := g.server.Get(ctx, "/api/v1/label/"+found[2]+"/values", url.Values{"match[]": {found[1]}}, &offered)
		return offered, err
	}
	found := regexp.MustCompile(`^query_result\((.+)\)$`).FindStringSubmatch(text)
	if found == nil {
		return nil, fmt.Errorf("%s is neither label_values nor query_result", text)
	}
	samples, err := g.server.Query(ctx, found[1])
	if err != nil {
		return nil, err
	}
	pattern, err := regexp.Compile(strings.Trim(v.Regex, "/"))
	if err != nil {
		return nil, err
	}
	var offered []string
	for _, s := range samples {
		var pairs []string
		for name, value := range s.Labels {
			pairs = append(pairs, fmt.Sprintf("%s=%q", name, value))
		}
		match := pattern.FindStringSubmatch("{" + strings.Join(pairs, ",") + "} 1 1700000000000")
		if len(match) == 2 {
			offered = append(offered, match[1])
		}
	}
	return offered, nil
}

// interpolate puts values in the place of variables and macros.
func interpolate(expr string, d dashboard, chosen values) string {
	// With a scrape interval of 15 seconds and no graph wider than its data.
	replaced := strings.NewReplacer("$__rate_interval", "1m0s", "$__interval", "15s", "$__range", "1800s").Replace(expr)
	for _, v := range d.Templating.List {
		pattern := regexp.MustCompile(`\$\{` + v.Name + `(:\w+)?\}|\$` + v.Name + `\b`)
		replaced = pattern.ReplaceAllLiteralString(replaced, v.text(chosen[v.Name]))
	}
	return replaced
}

// text is how Grafana writes values for Prometheus: several as a pattern, one as it is.
func (v variable) text(chosen []string) string {
	switch {
	case chosen == nil && v.IncludeAll:
		return v.AllValue
	case !v.Multi && !v.IncludeAll:
		return strings.Join(chosen, "")
	}
	var escaped []string
	for _, one := range chosen {
		escaped = append(escaped, strings.ReplaceAll(regexp.QuoteMeta(one), `\`, `\\`))
	}
	if len(escaped) == 1 {
		return escaped[0]
	}
	return "(" + strings.Join(escaped, "|") + ")"
}

// ask returns the labels of every series in the answer that has a number.
func (g grafana) ask(ctx context.Context, expr string, instant bool) ([]map[string]string, error) {
	if left := regexp.MustCompile(`\$\w+|\$\{`).FindString(strings.ReplaceAll(expr, `"$1"`, "")); left != "" {
		return nil, fmt.Errorf("%s is left in %s", left, expr)
	}
	now := time.Now()
	path, parameters := "/api/v1/query_range", url.Values{
		"query": {expr}, "step": {"15"},
		"start": {stamp(now.Add(-5 * time.Minute))}, "end": {stamp(now)},
	}
	if instant {
		path, parameters = "/api/v1/query", url.Values{"query": {expr}, "time": {stamp(now)}}
	}
	var answer struct {
		Result []struct {
			Metric map[string]string
			Value  []json.RawMessage
			Values [][]json.RawMessage
		}
	}
	if err := g.server.Get(ctx, path, parameters, &answer); err != nil {
		return nil, fmt.Errorf("%s: %w", expr, err)
	}
	var found []map[string]string
	for _, one := range answer.Result {
		points := one.Values
		if instant {
			points = [][]json.RawMessage{one.Value}
		}
		for _, point := range points {
			if len(point) == 2 && string(point[1]) != `"NaN"` {
				found = append(found, one.Metric)
				break
			}
		}
	}
	return found, nil
}

func stamp(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
