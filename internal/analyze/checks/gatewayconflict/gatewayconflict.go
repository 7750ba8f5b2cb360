// Package gatewayconflict finds servers of Gateways that cannot be together on
// the same workloads, so that istiod leaves one out.
package gatewayconflict

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed IST0145.md
var ist0145 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:   "gatewayconflict",
	Legacy: []string{"gateway.ConflictingGatewayAnalyzer"},
	Doc:    "The servers of Gateways do not keep each other out.",
	Needs:  []analyze.Kind{analyze.Gateway},
	Uses:   []analyze.Kind{analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet, analyze.Service},
	Codes:  []*analyze.Code{conflict},
	Run:    run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var conflict = &analyze.Code{ID: "IST0145", Severity: analyze.Error, Title: "Servers of Gateways conflict", Doc: ist0145, Aliases: []string{"KIA0301"}}

func run(pass *analyze.Pass) error {
	won := winners{of: map[place][]*analyze.Loss{}}
	reported := map[place]bool{}
	for _, loss := range pass.Mesh.Losses() {
		reportLoser(pass, loss)
		reported[placeOf(loss.Loser)] = true
		won.add(loss)
		for _, server := range loss.Beside {
			as := *loss
			as.Winner = server
			won.add(&as)
		}
	}
	for _, at := range won.order {
		reportWinner(pass, won.of[at])
		reported[at] = true
	}
	for _, meeting := range pass.Mesh.Meetings() {
		for _, server := range meeting.Servers {
			if at := placeOf(server); !reported[at] {
				reported[at] = reportMeeting(pass, server, meeting)
			}
		}
	}
	return nil
}

// place is where a server is written.
type place struct {
	gateway *analyze.Resource
	at      string
}

func placeOf(server *analyze.Server) place {
	return place{server.Gateway.Resource, server.Field.String()}
}

// winners are the losses that each server causes.
type winners struct {
	of    map[place][]*analyze.Loss
	order []place
}

func (w *winners) add(loss *analyze.Loss) {
	if loss.Winner.Gateway.Resource == loss.Loser.Gateway.Resource {
		return // it was said already
	}
	at := placeOf(loss.Winner)
	if w.of[at] == nil {
		w.order = append(w.order, at)
	}
	w.of[at] = append(w.of[at], loss)
}

// reportMeeting says which other Gateways serve a host, and whether there are any.
func reportMeeting(pass *analyze.Pass, server *analyze.Server, meeting *analyze.Meeting) bool {
	var others []*analyze.Resource
	for _, other := range meeting.Servers {
		if other.Gateway.Resource != server.Gateway.Resource && !slices.Contains(others, other.Gateway.Resource) {
			others = append(others, other.Gateway.Resource)
		}
		if len(others) > most {
			break
		}
	}
	if len(others) == 0 {
		return false
	}
	finding := analyze.Diagnostic{
		Code: conflict, Severity: analyze.Info, On: server.Gateway, Field: server.Field,
		Message: fmt.Sprintf("%s for %s on port %d too: istiod makes one server of them, so a request may follow the routes of any", serve(others), meeting.Host.Host, meeting.Port),
	}
	for _, host := range server.Hosts {
		if host.Host == meeting.Host.Host && host.Namespace == meeting.Host.Namespace {
			finding.Field = host.Field
		}
	}
	for _, other := range others {
		finding.Related = append(finding.Related, analyze.Related{On: other, Field: object.Field("spec.servers"), Note: "the same host is in"})
	}
	pass.Report(finding)
	return true
}

// most is how many others a finding names.
const most = 3

func serve(others []*analyze.Resource) string {
	if len(others) == 1 {
		return analyze.Names(others, most) + " is"
	}
	return analyze.Names(others, most) + " are"
}

func reportLoser(pass *analyze.Pass, loss *analyze.Loss) {
	at, what := causeAt(loss, loss.Loser)
	var text string
	switch {
	case loss.Reason == analyze.SameName:
		text = fmt.Sprintf("%s has %s too, for another namespace: a proxy cannot tell the two apart and refuses all of port %d", of(loss, loss.Winner), what, loss.Port)
	case aged(loss):
		text = fmt.Sprintf("istiod leaves this server out: %s is older and has %s", of(loss, loss.Winner), what)
	default:
		text = fmt.Sprintf("%s has %s too: istiod keeps the server of the Gateway that is created first, and leaves the other out", of(loss, loss.Winner), what)
	}
	note, _ := causeAt(loss, loss.Winner)
	pass.Report(analyze.Diagnostic{
		Code: conflict, On: loss.Loser.Gateway, Field: at, Message: text + where(loss),
		Related: []analyze.Related{{On: loss.Winner.Gateway, Field: note, Note: "what is in the way is in"}},
	})
}

// reportWinner says it of the server that is kept, too: which of the two is to
// go is for their owners to say.
func reportWinner(pass *analyze.Pass, losses []*analyze.Loss) {
	first := losses[0]
	at, what := causeAt(first, first.Winner)
	var losers []*analyze.Resource
	var related []analyze.Related
	for _, loss := range losses {
		field, _ := causeAt(loss, loss.Loser)
		related = append(related, analyze.Related{On: loss.Loser.Gateway, Field: field, Note: "what it keeps out is in"})
		if !slices.Contains(losers, loss.Loser.Gateway.Resource) {
			losers = append(losers, loss.Loser.Gateway.Resource)
		}
	}
	effect := "istiod keeps one of the servers and leaves the others out"
	switch {
	case first.Reason == analyze.SameName:
		effect = fmt.Sprintf("a proxy cannot tell them apart and refuses all of port %d", first.Port)
	case aged(first):
		effect = "istiod leaves their servers out"
	}
	pass.Report(analyze.Diagnostic{
		Code: conflict, On: first.Winner.Gateway, Field: at, Related: related,
		Message: fmt.Sprintf("%s has %s too: %s%s", analyze.Names(losers, 3), what, effect, where(first)),
	})
}

// aged says whether it is certain which of the two is older.
func aged(loss *analyze.Loss) bool {
	loser, winner := loss.Loser.Gateway, loss.Winner.Gateway
	return loser.Resource == winner.Resource || !loser.Created.Equal(winner.Created)
}

func of(loss *analyze.Loss, server *analyze.Server) string {
	if loss.Loser.Gateway.Resource == loss.Winner.Gateway.Resource {
		return "server " + server.Field.String() + " of the same Gateway"
	}
	return server.Gateway.String()
}

// causeAt is the field of a server that is the matter, and what the two have in common.
func causeAt(loss *analyze.Loss, server *analyze.Server) (at object.Path, what string) {
	if loss.Reason == analyze.OtherProtocol {
		what = fmt.Sprintf("%s on port %d, which does not go with %s", protocol(loss.Winner), loss.Port, protocol(loss.Loser))
		if server == loss.Winner {
			what = fmt.Sprintf("%s on port %d, which does not go with %s", protocol(loss.Loser), loss.Port, protocol(loss.Winner))
		}
		return server.Field.With("port"), what
	}
	var names []string
	for _, host := range loss.Hosts {
		names = append(names, host.Host)
	}
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	what = fmt.Sprintf("TLS for %s on port %d", strings.Join(names, ", "), loss.Port)
	for _, host := range server.Hosts {
		if strings.EqualFold(host.Host, loss.Hosts[0].Host) {
			return host.Field, what
		}
	}
	return server.Field, what
}

func protocol(server *analyze.Server) string {
	if name := strings.ToUpper(server.GetPort().GetProtocol()); name != "" {
		return name
	}
	return "a server without protocol"
}

// where names workloads that both are for.
func where(loss *analyze.Loss) string {
	if len(loss.Workloads) == 0 {
		return ""
	}
	return " (both run on " + analyze.Names(loss.Workloads, 2) + ")"
}
