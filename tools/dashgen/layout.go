package main

const gridWidth = 24

// section is a row of its own name and what is below it.
type section struct {
	title  string
	closed bool
	boxes  []box
}

func under(title string, boxes ...box) section { return section{title: title, boxes: boxes} }

// folded is closed until somebody opens it, and asks nothing till then.
func folded(title string, boxes ...box) section {
	return section{title: title, closed: true, boxes: boxes}
}

// place gives every panel a number and a place: from left to right, and below
// what is there already when a line is full.
func place(sections []section) []panel {
	panels := []panel{}
	id, y := 0, 0
	number := func(p panel) panel {
		id++
		p.ID = id
		return p
	}
	for _, s := range sections {
		inner := []panel{}
		row := number(panel{Type: "row", Title: s.title, GridPos: gridPos{H: 1, W: gridWidth, Y: y}, Collapsed: &s.closed})
		y++
		x, height := 0, 0
		for _, b := range s.boxes {
			if x+b.w > gridWidth {
				x, y, height = 0, y+height, 0
			}
			p := number(b.panel)
			p.GridPos = gridPos{H: b.h, W: b.w, X: x, Y: y}
			x, height = x+b.w, max(height, b.h)
			inner = append(inner, p)
		}
		y += height
		if s.closed {
			row.Panels = &inner
			panels = append(panels, row)
			continue
		}
		row.Panels = &[]panel{}
		panels = append(append(panels, row), inner...)
	}
	return panels
}
