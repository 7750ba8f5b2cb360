package main

// plain is one colour for every value.
func plain(colour string) thresholds {
	return thresholds{Mode: "absolute", Steps: []step{{Color: colour}}}
}

// rising gets worse from two values on.
func rising(warn, bad float64) thresholds {
	return thresholds{Mode: "absolute", Steps: []step{{Color: "green"}, {"orange", &warn}, {"red", &bad}}}
}

// falling gets better from two values on.
func falling(bad, warn float64) thresholds {
	return thresholds{Mode: "absolute", Steps: []step{{Color: "red"}, {"orange", &bad}, {"green", &warn}}}
}

// some is bad without any.
func some() thresholds {
	return thresholds{Mode: "absolute", Steps: []step{{Color: "red"}, {"green", new(1.0)}}}
}

// successColours are those of every success rate.
func successColours() thresholds { return falling(0.95, 0.99) }

// colours gives names that appear on several panels the same colour on all of them.
func colours() map[string]string {
	return map[string]string{
		"1xx": "purple", "2xx": "green", "3xx": "blue", "4xx": "yellow", "5xx": "red", "No response": "text", "gRPC failures": "dark-orange",
		"p50": "light-blue", "p90": "blue", "p95": "blue", "p99": "purple",
		"Success rate": "green", "Passed": "green", "Failed": "red", "Refused": "red", "Skipped": "text",
		"Received": "blue", "Sent": "purple", "Opened": "green", "Closed": "orange",
		"Mutual TLS": "green", "Plain text": "red", "Unknown": "text",
	}
}

// overridesFor colours the names that have a colour. A name that is a pattern of
// labels, as {{class}}, may become any name, so it gets them all.
func overridesFor(queries []query) []override {
	overrides := []override{}
	known := colours()
	for _, q := range queries {
		names := []string{q.legend}
		if q.legend == "{{class}}xx" {
			names = []string{"1xx", "2xx", "3xx", "4xx", "5xx"}
		}
		for _, name := range names {
			if colour, ok := known[name]; ok {
				overrides = append(overrides, byName(name, property{"color", map[string]any{"mode": "fixed", "fixedColor": colour}}))
			}
		}
	}
	return overrides
}

func byName(name string, properties ...property) override {
	return override{Matcher: matcher{ID: "byName", Options: name}, Properties: properties}
}
