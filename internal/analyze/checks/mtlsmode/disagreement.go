package mtlsmode

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

// disagreement is one setting of a rule by which clients cannot reach servers.
type disagreement struct {
	at     object.Path
	why    reason
	client networking.ClientTLSSettings_TLSmode
	// worker is the first workload that cannot be reached, and mode what it accepts.
	worker *analyze.Workload
	mode   analyze.ServerMtls
	// servers are where, the first port of each host.
	servers []server
}

func (d *disagreement) diagnostic(rule *analyze.Rule) analyze.Diagnostic {
	first := d.servers[0]
	finding := analyze.Diagnostic{
		Code: conflict, On: rule, Field: d.at.With("mode"),
		Message: fmt.Sprintf("clients in %s send %s to %s, but %s: they cannot connect", first.client, d.sends(), d.where(), d.accepts()),
		Related: []analyze.Related{{On: first.host, Field: portField(first), Note: "the port"}},
	}
	if d.mode.By != nil {
		finding.Related = append(finding.Related, analyze.Related{On: d.mode.By, Field: d.mode.Field, Note: "decides what servers accept"})
		if len(d.mode.By.Labels) == 0 { // one for the namespace or the workload would come before it
			finding.Absent = analyze.Absences(d.worker.Namespace, analyze.PeerAuthentication)
		}
	}
	finding.Related = append(finding.Related, analyze.Related{On: d.worker, Field: object.Field("metadata.name"), Note: "a server"})
	if first.client != rule.Namespace { // a rule there would come before it
		finding.Absent = append(finding.Absent, analyze.Absences(first.client, analyze.DestinationRule)...)
	}
	return finding
}

func portField(s server) object.Path { return object.Field("spec.ports", s.port) }

func (d *disagreement) sends() string {
	switch d.client {
	case networking.ClientTLSSettings_ISTIO_MUTUAL:
		return "mutual TLS of the mesh"
	case networking.ClientTLSSettings_SIMPLE:
		return "TLS without a certificate of theirs"
	}
	return "plain text"
}

// where names one port, or a few of the hosts.
func (d *disagreement) where() string {
	first := d.servers[0]
	text := "port " + strconv.FormatUint(uint64(first.host.Ports[first.port].Number), 10) + " of " + first.host.Name
	if len(d.servers) == 1 {
		return text
	}
	var names []string
	for _, server := range d.servers {
		names = append(names, server.host.Name)
	}
	slices.Sort(names)
	const most = 3
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	return fmt.Sprintf("%d hosts (%s%s)", len(d.servers), strings.Join(names, ", "), more)
}

func (d *disagreement) accepts() string {
	switch d.why {
	case strictServer:
		return d.worker.String() + " accepts mutual TLS only, by " + d.mode.By.String()
	case plainServer:
		return d.worker.String() + " accepts plain text only, by " + d.mode.By.String()
	}
	return d.worker.String() + " has no proxy that understands it"
}
