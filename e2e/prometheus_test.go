package e2e_test

import (
	"context"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/meshctl/meshctl/e2e/prometheus"
	"github.com/meshctl/meshctl/e2e/series"
)

// startPrometheus is the command "prometheus": it starts one that has the
// series of a made-up mesh (e2e/series), puts its address into PROMETHEUS, and
// stops it after the script. In the lab pods lead to it by
//
//	exec lab forward -n istio-system -l app.kubernetes.io/name=prometheus 9090=$PROMETHEUS
func startPrometheus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: prometheus")
	}
	programs, err := filepath.Abs("lab/bin")
	ts.Check(err)
	ctx := context.Background()
	server, err := prometheus.Start(ctx, prometheus.Options{Programs: programs, Dir: ts.MkAbs(".prometheus")})
	ts.Check(err)
	ts.Defer(server.Close)
	now := time.Now()
	ts.Check(server.Load(ctx, now, series.All(now)))
	ts.Setenv("PROMETHEUS", server.Addr)
}
