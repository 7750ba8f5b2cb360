package main

// grafanaVersion is that of the chart.
const grafanaVersion = "12.0.1"

// query is one question of a panel and how its answer is called.
type query struct {
	legend, expr string
}

// box is a panel before it has a place.
type box struct {
	w, h  int
	panel panel
}

func (b box) sized(w, h int) box {
	b.w, b.h = w, h
	return b
}

func prometheus() *datasource { return &datasource{Type: "prometheus", UID: "${datasource}"} }

// stat is one large number with its course behind it.
func stat(title, description, unit string, colours thresholds, expr string) box {
	decimals := 2
	p := panel{
		Type: "stat", Title: title, Description: description, Datasource: prometheus(), PluginVersion: grafanaVersion,
		Targets: targets([]query{{title, expr}}),
		FieldConfig: &fieldConfig{
			Defaults: fieldDefaults{
				Unit: unit, NoValue: "No traffic", Color: map[string]any{"mode": "thresholds"}, Thresholds: colours,
			},
			Overrides: []override{},
		},
		Options: map[string]any{
			"colorMode": "value", "graphMode": "area", "justifyMode": "auto", "orientation": "auto", "textMode": "value", "wideLayout": true,
			"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
		},
	}
	if unit == "percentunit" {
		p.FieldConfig.Defaults.Decimals = &decimals
		p.FieldConfig.Defaults.Max = new(1.0)
	}
	return box{w: 6, h: 4, panel: p}
}

// withoutValue says what a number that is missing means.
func (b box) withoutValue(text string) box {
	b.panel.FieldConfig.Defaults.NoValue = text
	return b
}

// graph is lines over time, named and summed up below.
func graph(title, description, unit string, queries ...query) box {
	p := panel{
		Type: "timeseries", Title: title, Description: description, Datasource: prometheus(), PluginVersion: grafanaVersion,
		Targets: targets(queries),
		FieldConfig: &fieldConfig{
			Defaults: fieldDefaults{
				Unit: unit, Min: new(0.0), Color: map[string]any{"mode": "palette-classic"}, Thresholds: plain("green"),
				Custom: map[string]any{"drawStyle": "line", "lineWidth": 1, "fillOpacity": 10, "showPoints": "never", "spanNulls": false},
			},
			Overrides: overridesFor(queries),
		},
		Options: map[string]any{
			"legend":  map[string]any{"displayMode": "table", "placement": "bottom", "showLegend": true, "calcs": []string{"lastNotNull", "max"}},
			"tooltip": map[string]any{"mode": "multi", "sort": "desc"},
		},
	}
	if unit == "percentunit" {
		p.FieldConfig.Defaults.Max = new(1.0)
	}
	return box{w: 12, h: 8, panel: p}
}

// stacked shows parts of a whole.
func (b box) stacked() box {
	b.panel.FieldConfig.Defaults.Custom["stacking"] = map[string]any{"mode": "normal", "group": "A"}
	b.panel.FieldConfig.Defaults.Custom["fillOpacity"] = 30
	return b
}

// steps draws numbers of things, of which there are no fractions.
func (b box) steps() box {
	none := 0
	b.panel.FieldConfig.Defaults.Custom["lineInterpolation"] = "stepAfter"
	b.panel.FieldConfig.Defaults.Decimals = &none
	return b
}

// limited marks values from a limit on by a line.
func (b box) limited(colours thresholds) box {
	b.panel.FieldConfig.Defaults.Thresholds = colours
	b.panel.FieldConfig.Defaults.Custom["thresholdsStyle"] = map[string]any{"mode": "dashed"}
	return b
}

func targets(queries []query) []target {
	all := make([]target, len(queries))
	for i, q := range queries {
		all[i] = target{
			RefID: string(rune('A' + i)), Datasource: prometheus(), EditorMode: "code",
			Expr: q.expr, LegendFormat: q.legend, Range: true,
		}
	}
	return all
}
