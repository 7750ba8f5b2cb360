package ui

import (
	"io"
	"slices"
	"strings"
)

// Cell is one field of a table.
type Cell struct {
	Text  string
	Style Style
}

// Table lines rows up in columns. The zero Table has no header and no indent.
type Table struct {
	// Header names the columns; it is printed in upper case.
	Header []string
	// Indent is the number of blanks before each line.
	Indent int
	// Right names the columns that are set to the right, by their header: figures line up at their ends.
	Right []string
	// Optional names columns that a terminal without room for all goes without, the first of them first.
	Optional []string

	rows [][]Cell
}

// Between two columns: enough to tell them apart where a cell holds blanks.
const columnGap = 3

// A column is not made narrower than this to fit a terminal.
const narrowestColumn = 8

// NewTable returns a table with these column names.
func NewTable(header ...string) *Table { return &Table{Header: header} }

// Row adds a row of plain text.
func (t *Table) Row(texts ...string) {
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		cells[i] = Cell{Text: text}
	}
	t.Cells(cells...)
}

// Cells adds a row in which each cell has its style.
func (t *Table) Cells(cells ...Cell) {
	row := slices.Clone(cells)
	for i := range row {
		row[i].Text = oneLine(row[i].Text)
	}
	t.rows = append(t.rows, row)
}

// Len is the number of rows, the header left out.
func (t *Table) Len() int { return len(t.rows) }

// Print writes the table. Cells that do not fit a terminal end in an ellipsis;
// in a pipe all of them are whole, because a program may read them.
func (t *Table) Print(w Writer) error {
	rows := t.rows
	if len(t.Header) > 0 {
		header := make([]Cell, len(t.Header))
		for i, name := range t.Header {
			header[i] = w.Theme.Muted.Cell(strings.ToUpper(name))
		}
		rows = append([][]Cell{header}, rows...)
	}
	names, rows := t.fitting(rows, w.Width-t.Indent)
	columns := measure(rows)
	right := make([]bool, len(columns))
	for i, name := range names {
		right[i] = slices.Contains(t.Right, name)
	}
	if w.Width > 0 {
		shrink(columns, w.Width-t.Indent)
	}
	var text strings.Builder
	for _, row := range rows {
		line := strings.Repeat(" ", t.Indent) + w.Theme.row(row, columns, right)
		// The narrowest columns may still be too many; a wrapped table is worse than a cut one.
		if w.Width > 0 {
			line = w.Theme.cut(line, w.Width)
		}
		text.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// fitting leaves out optional columns until the rows fit, or there are no more.
func (t *Table) fitting(rows [][]Cell, limit int) (names []string, left [][]Cell) {
	names, left = slices.Clone(t.Header), rows
	for _, name := range t.Optional {
		at := slices.Index(names, name)
		if limit <= 0 || at < 0 || total(measure(left)) <= limit {
			break
		}
		names = slices.Delete(names, at, at+1)
		narrower := make([][]Cell, len(left))
		for i, row := range left {
			narrower[i] = slices.Delete(slices.Clone(row), at, at+1)
		}
		left = narrower
	}
	return names, left
}

// total is how wide a row of columns is.
func total(columns []int) int {
	sum := columnGap * (len(columns) - 1)
	for _, column := range columns {
		sum += column
	}
	return sum
}

// measure returns the width of each column.
func measure(rows [][]Cell) []int {
	var columns []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(columns) {
				columns = append(columns, 0)
			}
			columns[i] = max(columns[i], width(cell.Text))
		}
	}
	return columns
}

// shrink takes from the widest column until the row fits, so that short
// columns such as names and states stay whole.
func shrink(columns []int, limit int) {
	for sum := total(columns); sum > limit; sum-- {
		widest := 0
		for i := range columns {
			if columns[i] > columns[widest] {
				widest = i
			}
		}
		if columns[widest] <= narrowestColumn {
			return
		}
		columns[widest]--
	}
}

// row renders cells into their columns; blanks stay outside of the styles.
func (t Theme) row(cells []Cell, columns []int, right []bool) string {
	var line strings.Builder
	for i, cell := range cells {
		text := t.cut(cell.Text, columns[i])
		if right[i] {
			line.WriteString(pad(text, columns[i]))
		}
		line.WriteString(cell.Style.Render(text))
		if i == len(cells)-1 {
			break
		}
		if !right[i] {
			line.WriteString(pad(text, columns[i]))
		}
		line.WriteString(strings.Repeat(" ", columnGap))
	}
	return line.String()
}
