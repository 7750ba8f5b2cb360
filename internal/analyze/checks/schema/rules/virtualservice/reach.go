package virtualservice

import (
	"slices"
	"strconv"

	networking "istio.io/api/networking/v1alpha3"

	"github.com/meshctl/meshctl/internal/analyze/checks/schema/rules"
)

// enough is how many matches are compared in one VirtualService: all pairs of
// some two thousand matches.
const enough = 2_000_000

// reach looks for rules and matches that never get a request, since earlier
// ones take them all.
func (s *scope) reach(at *rules.Place) {
	http, tls, tcp := s.spec.GetHttp(), s.spec.GetTls(), s.spec.GetTcp()
	if len(http) > 1 || len(http) == 1 && len(http[0].GetMatch()) > 1 {
		list := list{section: "http", rules: make([]listed, len(http))}
		for i, rule := range http {
			list.rules[i] = listed{rule.GetName(), len(rule.GetMatch())}
		}
		list.covers = func(a, b position) bool {
			return s.coversHTTP(http[a.rule].Match[a.match], http[b.rule].Match[b.match])
		}
		list.judge(s, at.Field("http"))
	}
	// A rule for TLS without a match is refused, so it takes nothing from others.
	if len(tls) > 1 && !slices.ContainsFunc(tls, func(rule *networking.TLSRoute) bool { return len(rule.GetMatch()) == 0 }) {
		list := list{section: "tls", rules: make([]listed, len(tls))}
		for i, rule := range tls {
			list.rules[i] = listed{"", len(rule.GetMatch())}
		}
		list.covers = func(a, b position) bool { return sameTLS(tls[a.rule].Match[a.match], tls[b.rule].Match[b.match]) }
		list.judge(s, at.Field("tls"))
	}
	if len(tcp) > 1 {
		list := list{section: "tcp", rules: make([]listed, len(tcp))}
		for i, rule := range tcp {
			list.rules[i] = listed{"", len(rule.GetMatch())}
		}
		list.covers = func(a, b position) bool { return sameTCP(tcp[a.rule].Match[a.match], tcp[b.rule].Match[b.match]) }
		list.judge(s, at.Field("tcp"))
	}
}

// list are the rules for one protocol, in the order in which they are tried.
type list struct {
	section string
	rules   []listed
	// covers says whether one match takes all that another would.
	covers func(a, b position) bool
}

type listed struct {
	name    string
	matches int
}

type position struct{ rule, match int }

func (l list) judge(s *scope, at *rules.Place) {
	all, budget := -1, enough
	var earlier []position
	for i, rule := range l.rules {
		switch {
		case all >= 0 && rule.matches == 0:
			s.Report(rules.Unreachable, at.Item(i), "%s is never used: %s has no match either and takes all requests, so only the last rule can be without one", l.rule(i), l.rule(all))
			continue
		case all >= 0:
			s.Report(rules.Unreachable, at.Item(i), "%s is never used: %s has no match and takes all requests before", l.rule(i), l.rule(all))
			continue
		case rule.matches == 0:
			all = i
			continue
		}
		idle := 0
		for n := range rule.matches {
			this := position{i, n}
			taken := slices.IndexFunc(earlier, func(other position) bool {
				budget--
				return budget > 0 && l.covers(other, this)
			})
			earlier = append(earlier, this)
			if taken >= 0 {
				s.Report(rules.Ineffective, at.Item(i).Field("match").Item(n), "this match of %s never gets a request: match %d of %s takes them before", l.rule(i), earlier[taken].match+1, l.rule(earlier[taken].rule))
				// A rule whose match is wider than one before may be meant for
				// what is left; one whose match is the same is not.
				if earlier[taken].rule < i && l.covers(this, earlier[taken]) {
					idle++
				}
			}
		}
		if idle == rule.matches {
			s.Report(rules.Unreachable, at.Item(i), "%s is never used: rules before it have the same matches", l.rule(i))
		}
	}
}

// rule is how messages name a rule.
func (l list) rule(i int) string {
	if l.rules[i].name != "" {
		return "rule " + strconv.Quote(l.rules[i].name)
	}
	return "rule " + strconv.Itoa(i+1) + " of " + l.section
}
