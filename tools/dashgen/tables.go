package main

// column is a column of a table: a label, or the answer to a question.
type column struct {
	title string
	// label names a label. All labels of the table are its key.
	label string
	// url is where a click on the label leads.
	url string
	// name, expr, unit and colours are those of a question.
	name, expr, unit string
	colours          *thresholds
	width            int
}

// table has a row for each set of labels, and the largest value of a column first.
func table(title, description, sortBy string, columns ...column) box {
	p := panel{
		Type: "table", Title: title, Description: description, Datasource: prometheus(), PluginVersion: grafanaVersion,
		FieldConfig: &fieldConfig{
			Defaults: fieldDefaults{
				Unit: "short", NoValue: "-", Color: map[string]any{"mode": "thresholds"}, Thresholds: plain("text"),
				Custom: map[string]any{"filterable": true, "cellOptions": map[string]any{"type": "auto"}},
			},
		},
		Options: map[string]any{
			"showHeader": true, "cellHeight": "sm", "footer": map[string]any{"show": false, "enablePagination": true, "reducer": []string{"sum"}},
			"sortBy": []map[string]any{{"displayName": sortBy, "desc": true}},
		},
	}
	index, names := map[string]int{}, map[string]string{}
	for i, c := range columns {
		field := c.label
		if c.expr != "" {
			field = "Value #" + c.name
			p.Targets = append(p.Targets, target{
				RefID: c.name, Datasource: prometheus(), EditorMode: "code", Expr: c.expr, LegendFormat: c.title, Format: "table", Instant: true,
			})
		}
		index[field], names[field] = i, c.title
		if properties := c.properties(); len(properties) > 0 {
			p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, byName(c.title, properties...))
		}
	}
	p.Transformations = []transformation{
		{ID: "merge", Options: struct{}{}},
		{ID: "organize", Options: map[string]any{"excludeByName": map[string]bool{"Time": true}, "indexByName": index, "renameByName": names}},
	}
	return box{w: 24, h: 10, panel: p}
}

func (c column) properties() []property {
	var all []property
	if c.unit != "" {
		all = append(all, property{"unit", c.unit})
	}
	if c.unit == "percentunit" {
		all = append(all, property{"decimals", 2})
	}
	if c.colours != nil {
		all = append(all, property{"thresholds", *c.colours}, property{"custom.cellOptions", map[string]any{"type": "color-text"}})
	}
	if c.width > 0 {
		all = append(all, property{"custom.width", c.width})
	}
	if c.url != "" {
		all = append(all, property{"links", []link{{Title: "Open the dashboard of ${__value.text}", URL: c.url}}})
	}
	return all
}
