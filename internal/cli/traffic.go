package cli

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/spf13/pflag"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/prometheus"
	"github.com/meshctl/meshctl/internal/traffic"
	"github.com/meshctl/meshctl/internal/ui"
)

// trafficFlags say where the metrics of the mesh are and how far back to look.
type trafficFlags struct {
	url    string
	window time.Duration
}

func (f *trafficFlags) bind(flags *pflag.FlagSet) {
	const standard = time.Minute
	flags.StringVar(&f.url, "prometheus-url", "", "`URL` of Prometheus; without it the one of the mesh is reached through the API server")
	flags.DurationVarP(&f.window, "duration", "d", standard, "how far back to look")
}

func (f *trafficFlags) check() error {
	if f.window < time.Second {
		return usageErrorf("--duration %s: it has to be a second or longer; several times the scrape interval is wise", f.window)
	}
	return nil
}

// open finds Prometheus. What it opens lasts as long as the context.
func (f *trafficFlags) open(ctx context.Context, env *Env) (traffic.Source, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	if f.url != "" {
		return prometheus.New(f.url)
	}
	cluster, err := env.Cluster()
	if err != nil {
		return nil, err
	}
	server, _ := dashboard.Find(dashboard.All(), "prometheus")
	session, err := dashboard.Open(ctx, server, dashboard.Options{Home: env.Global.IstioNamespace}, forwarder{cluster})
	if err != nil {
		return nil, err
	}
	// Commands that look again and again outlive the pod that answers now.
	go func() { _ = session.Wait(ctx) }()
	return prometheus.New(session.URL)
}

// read takes one picture of the traffic.
func (f *trafficFlags) read(ctx context.Context, env *Env, source traffic.Source) (traffic.Picture, error) {
	return traffic.Read(ctx, source, traffic.Options{Namespace: env.Global.Namespace, Window: f.window, At: env.Now()})
}

// once opens Prometheus, takes one picture and closes it again.
func (f *trafficFlags) once(ctx context.Context, env *Env) (traffic.Picture, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	source, err := f.open(ctx, env)
	if err != nil {
		return traffic.Picture{}, err
	}
	return f.read(ctx, env, source)
}

func prometheusHints(e *prometheus.UnreachableError) []string {
	return []string{"--prometheus-url names another than " + e.Address + "; without it the one of the mesh is asked"}
}

// hintNoTraffic explains an empty table.
func hintNoTraffic(env *Env, picture traffic.Picture, rows int) {
	if rows > 0 || env.Global.Quiet {
		return
	}
	where := "in the mesh"
	if env.Global.Namespace != "" {
		where = "from or to namespace " + env.Global.Namespace
	}
	ui.Hint(env.IO.Stderr(), "no traffic "+where+" in the last "+ui.Duration(picture.Window)+
		"; --duration looks further back, and pods without a proxy are not counted")
}

// Words of figures. A figure that is not there is a dot.

const noFigure = "·"

func rateText(perSecond float64) string {
	switch {
	case perSecond == 0:
		return noFigure
	case perSecond < 9.995:
		return strconv.FormatFloat(perSecond, 'f', 2, 64)
	}
	return strconv.FormatFloat(perSecond, 'f', 1, 64)
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
	case ms < 10:
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
