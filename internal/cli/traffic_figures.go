package cli

import (
	"math"
	"strconv"
	"time"

	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/ui"
)

// Words of figures. A figure that is not there is a dot.

const noFigure = "·"

func rateText(perSecond float64) string {
	switch {
	case perSecond == 0:
		return noFigure
	case perSecond < 0.005:
		return "<0.01" // little is not nothing
	case perSecond < 9.995:
		return strconv.FormatFloat(perSecond, 'f', 2, 64)
	}
	return strconv.FormatFloat(perSecond, 'f', 1, 64)
}

// failedText is a figure wherever there are requests: none of them failing is one.
func failedText(n traffic.Numbers) string {
	if n.RPS > 0 && n.Failed == 0 {
		return "0"
	}
	return rateText(n.Failed)
}

func shareText(share float64) string {
	const all = 100
	text := strconv.FormatFloat(share*all, 'f', 2, 64)
	if text == "100.00" && share < 1 {
		text = "99.99" // nearly all is not all
	}
	return text + "%"
}

func successCell(n traffic.Numbers, theme ui.Theme) ui.Cell {
	share, ok := n.Success()
	if !ok {
		return theme.Muted.Cell(noFigure)
	}
	return successStyle(share, theme).Cell(shareText(share))
}

func successStyle(share float64, theme ui.Theme) ui.Style {
	const good, poor = 0.99, 0.95
	switch {
	case share >= good:
		return theme.Success
	case share >= poor:
		return theme.Warning
	}
	return theme.Danger
}

func quantileText(n traffic.Numbers, share float64) string {
	took, ok := n.Latency.Quantile(share)
	if !ok {
		return noFigure
	}
	return latencyText(took)
}

func latencyText(took time.Duration) string {
	ms := float64(took) / float64(time.Millisecond)
	switch {
	case ms < 9.95: // what is rounded to 10.0 belongs to the next form
		return strconv.FormatFloat(ms, 'f', 1, 64) + "ms"
	case ms < 10_000:
		return strconv.FormatFloat(math.Round(ms), 'f', 0, 64) + "ms"
	}
	return strconv.FormatFloat(took.Seconds(), 'f', 1, 64) + "s"
}

func bytesText(perSecond float64) string {
	if perSecond == 0 {
		return noFigure
	}
	units := []string{"B/s", "KiB/s", "MiB/s", "GiB/s"}
	const step = 1024
	unit := 0
	for perSecond >= step && unit < len(units)-1 {
		perSecond /= step
		unit++
	}
	digits := 1
	if unit == 0 {
		digits = 0
	}
	return strconv.FormatFloat(perSecond, 'f', digits, 64) + units[unit]
}

// figures are the numbers of traffic in JSON and YAML. Times are in milliseconds,
// rates per second; what is not known is left out.
type figures struct {
	RPS      float64  `json:"rps"`
	Failed   float64  `json:"failedRPS"`
	Success  *float64 `json:"success,omitempty"`
	P50      *float64 `json:"p50ms,omitempty"`
	P90      *float64 `json:"p90ms,omitempty"`
	P95      *float64 `json:"p95ms,omitempty"`
	P99      *float64 `json:"p99ms,omitempty"`
	Sent     float64  `json:"tcpSentBytes"`
	Received float64  `json:"tcpReceivedBytes"`
	Opened   float64  `json:"tcpConnectionsOpened"`
}

func figuresOf(n traffic.Numbers) figures {
	f := figures{RPS: n.RPS, Failed: n.Failed, Sent: n.Sent, Received: n.Received, Opened: n.Opened}
	if share, ok := n.Success(); ok {
		f.Success = &share
	}
	for _, q := range []struct {
		share float64
		into  **float64
	}{{0.5, &f.P50}, {0.9, &f.P90}, {0.95, &f.P95}, {0.99, &f.P99}} {
		if took, ok := n.Latency.Quantile(q.share); ok {
			ms := float64(took) / float64(time.Millisecond)
			*q.into = &ms
		}
	}
	return f
}

// numberCells are the columns that all tables of traffic have.
func numberCells(n traffic.Numbers, theme ui.Theme) []ui.Cell {
	return []ui.Cell{
		successCell(n, theme), plainOrMuted(rateText(n.RPS), theme),
		plainOrMuted(quantileText(n, 0.5), theme), plainOrMuted(quantileText(n, 0.95), theme), plainOrMuted(quantileText(n, 0.99), theme),
		plainOrMuted(bytesText(n.Received), theme), plainOrMuted(bytesText(n.Sent), theme),
	}
}

func numberColumns() []string {
	return []string{"success", "rps", "p50", "p95", "p99", "tcp in", "tcp out"}
}

func plainOrMuted(text string, theme ui.Theme) ui.Cell {
	if text == noFigure {
		return theme.Muted.Cell(text)
	}
	return ui.Cell{Text: text}
}
