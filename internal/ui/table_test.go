package ui

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	var got strings.Builder
	for _, device := range []Device{
		{},
		{OutTerminal: true, Width: 120, Unicode: true},
		{OutTerminal: true, Width: 60, Unicode: true},
		{OutTerminal: true, Width: 40},
		{OutTerminal: true, Width: 20, Unicode: true},
		{OutTerminal: true, Width: 60, Unicode: true, Color: true},
	} {
		streams, out, _ := Test(device)
		w := streams.Stdout()
		table := NewTable("Namespace", "Name", "State", "Message")
		table.Indent = 2
		table.Cells(Cell{Text: "istio-system"}, w.Theme.Emphasis.Cell("istiod"), w.Theme.Success.Cell("ready"), Cell{})
		table.Cells(Cell{Text: "网格"}, Cell{Text: "egress-gateway-of-the-payments-team"}, w.Theme.Danger.Cell("failed"),
			Cell{Text: "Back-off pulling image\nregistry.example.com/proxyv2:1.30.3"})
		table.Row("x", "é")
		if err := table.Print(w); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "== terminal %t, width %d, unicode %t, colour %t\n%s",
			device.OutTerminal, device.Width, device.Unicode, device.Color, visible(out))
	}
	golden(t, "table", got.String())
}

func TestTable_CannotMoveTheCursor(t *testing.T) {
	var out bytes.Buffer
	var table Table
	table.Row("a\x1b[2Jb", "c\rd\x07")
	if err := table.Print(Plain(&out)); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "ab   c d\n" {
		t.Errorf("got %q", got)
	}
}

// visible shows escape sequences as text.
func visible(text fmt.Stringer) string { return strings.ReplaceAll(text.String(), "\x1b", "^") }

func TestTable_GoesWithoutOptionalColumnsFirst(t *testing.T) {
	for width, want := range map[int]string{
		0:  "NAME          SMALL   LARGE\nproductpage       1      22\n",
		27: "NAME          SMALL   LARGE\nproductpage       1      22\n",
		26: "NAME          LARGE\nproductpage      22\n",
		10: "NAME\nproductpa…\n",
	} {
		table := NewTable("name", "small", "large")
		table.Right = []string{"small", "large"}
		table.Optional = []string{"small", "large"}
		table.Row("productpage", "1", "22")
		var out strings.Builder
		if err := table.Print(Writer{Writer: &out, Width: width, Theme: Theme{unicode: true}}); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("in %d columns:\n%swant\n%s", width, out.String(), want)
		}
	}
}
