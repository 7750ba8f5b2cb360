package sidecar

import (
	"strings"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// egress judges what workloads see of the mesh.
func egress(j *rules.Judge, listeners []*networking.IstioEgressListener, at *rules.Place) {
	numbers, sockets, rest := map[uint32]bool{}, map[string]bool{}, false
	for i, listener := range listeners {
		at, port := at.Item(i), listener.GetPort()
		switch number := port.GetNumber(); {
		case port == nil && rest:
			j.Wrong(at, "one entry of egress can be without a port: it is for all other ports")
		case port == nil && i < len(listeners)-1:
			j.Wrong(at, "the entry of egress without a port is for all other ports, so it has to be the last")
		case port == nil:
		case number == 0 && sockets[listener.GetBind()]:
			j.Wrong(at.Field("bind"), "socket %s is there twice", listener.GetBind())
		case number != 0 && numbers[number]:
			j.Wrong(at.Field("port").Field("number"), "port %d is there twice", number)
		}
		if port == nil {
			rest = true
		} else {
			captured(j, listener, at)
			if port.GetNumber() == 0 {
				sockets[listener.GetBind()] = true
			} else {
				numbers[port.GetNumber()] = true
			}
		}
		hosts(j, listener.GetHosts(), at)
	}
}

// captured judges an entry for one port, or for a unix socket.
func captured(j *rules.Judge, listener *networking.IstioEgressListener, at *rules.Place) {
	port, bind := listener.GetPort(), listener.GetBind()
	name(j, port, at.Field("port"))
	if port.GetNumber() != 0 {
		j.Port(port.GetNumber(), at.Field("port").Field("number"))
		j.Protocol(port.GetProtocol(), at.Field("port").Field("protocol"))
		if bind != "" && !rules.IsAddress(bind) {
			j.Wrong(at.Field("bind"), "%q is no IP address to listen at", bind)
		}
		return
	}
	path, unix := strings.CutPrefix(bind, "unix://")
	if !unix {
		j.Wrong(at.Field("port"), "a port needs a number, or else bind has to be a socket: unix:///path")
	} else if fault := rules.UnixFault(path); fault != "" {
		j.Wrong(at.Field("bind"), "%q %s", bind, fault)
	}
	if mode := listener.GetCaptureMode(); mode != networking.CaptureMode_DEFAULT && mode != networking.CaptureMode_NONE {
		j.Wrong(at.Field("captureMode"), "connections to a unix socket cannot be captured: use mode NONE, not %s", mode)
	}
}

func hosts(j *rules.Judge, hosts []string, at *rules.Place) {
	if len(hosts) == 0 {
		j.Wrong(at.Field("hosts"), "an entry of egress needs hosts: */* stands for all, ~/* for none")
	}
	at = at.Field("hosts")
	seen := make(map[string]bool, len(hosts))
	for i, host := range hosts {
		switch fault := hostFault(host); {
		case fault != "":
			j.Wrong(at.Item(i), "host %q %s", host, fault)
		case seen[host]:
			j.Doubt(at.Item(i), "%s is there twice", host)
		case host == "*/*" && len(hosts) > 1:
			j.Doubt(at.Item(i), "*/* stands for everything, so the other hosts change nothing")
		}
		seen[host] = true
	}
}

// hostFault says why a text is not namespace/host.
func hostFault(host string) string {
	namespace, name, slash := strings.Cut(host, "/")
	switch {
	case !slash:
		return "lacks a namespace: write ./" + host + " for this one, or */" + host + " for any"
	case namespace == "" || name == "":
		return "lacks what belongs on one side of the slash: namespace/host"
	case namespace != "*" && namespace != "." && namespace != "~" && !rules.IsLabel(namespace):
		return "has before its slash neither a namespace nor one of *, . and ~"
	case name == "*":
		return ""
	case !strings.Contains(name, "."):
		return "has a short name after its slash: write all of it, such as cart.shop.svc.cluster.local"
	}
	if fault := rules.WildcardFault(name); fault != "" {
		return fault
	}
	if strings.HasPrefix(name, "*") && !strings.HasPrefix(name, "*.") {
		return "has a star that is not all of its first part"
	}
	return ""
}
