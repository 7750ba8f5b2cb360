package main

// anyTraffic is every series that tells of a request or a connection.
const anyTraffic = `{__name__=~"istio_requests_total|istio_tcp_sent_bytes_total"}`

func datasourceVariable() variable {
	return variable{
		Name: "datasource", Label: "Data source", Description: "Where the metrics of the mesh are.",
		Type: "datasource", Query: "prometheus", Refresh: 1, Current: map[string]any{}, Options: []option{},
	}
}

// choice is a variable with the values that Prometheus has.
func choice(name, label, description, query string) variable {
	return variable{
		Name: name, Label: label, Description: description, Type: "query", Datasource: prometheus(),
		Query: variableQuery{query, "StandardVariableQuery"}, Definition: query,
		Refresh: 2, Sort: 1, Current: map[string]any{}, Options: []option{},
	}
}

// filter is a choice of several values, and of all in the beginning.
func filter(name, label, query string) variable {
	v := choice(name, label, "", query)
	v.Multi, v.IncludeAll, v.AllValue = true, true, ".*"
	v.Current = map[string]any{"text": []string{"All"}, "value": []string{"$__all"}}
	return v
}

// reporterVariable is whose count to believe. Each request is counted once at its destination or a waypoint.
func reporterVariable() variable {
	return variable{
		Name: "qrep", Label: "Reporter", Description: "Who counted: the proxy of the caller, that of the one called, or a waypoint. Callers also see what never arrived.",
		Type: "custom", Query: "source, destination, waypoint", Multi: true,
		Current: map[string]any{"text": []string{"destination", "waypoint"}, "value": []string{"destination", "waypoint"}},
		Options: []option{
			{Text: "source", Value: "source"}, {Text: "destination", Value: "destination", Selected: true}, {Text: "waypoint", Value: "waypoint", Selected: true},
		},
	}
}

// eitherSide are the values that a label has for callers or for those called. The
// answer has the name of the label in it, from which regex takes the value.
func eitherSide(label, matcher string) (query, regex string) {
	one := func(side string) string {
		own := side + "_" + label
		sel := `{__name__=~"istio_requests_total|istio_tcp_sent_bytes_total", ` + own + `!="unknown"`
		if matcher != "" {
			sel += ", " + side + "_" + matcher
		}
		return `label_replace(count by (` + own + `) (` + sel + `}), "found", "$1", "` + own + `", "(.+)")`
	}
	return `query_result(count by (found) (` + one("destination") + ` or ` + one("source") + `))`, `/found="([^"]+)"/`
}

func eitherSideChoice(name, label, description, of, matcher string) variable {
	query, regex := eitherSide(of, matcher)
	v := choice(name, label, description, query)
	v.Regex = regex
	return v
}
