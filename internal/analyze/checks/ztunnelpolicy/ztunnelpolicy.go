// Package ztunnelpolicy finds AuthorizationPolicies about HTTP where ztunnel,
// which knows connections only, is to enforce them.
package ztunnelpolicy

import (
	_ "embed"
	"strings"

	security "istio.io/api/security/v1beta1"

	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/object"
)

//go:embed MSH7001.md
var msh7001 string

// Analyzer is the check.
var Analyzer = &analyze.Analyzer{
	Name:  "ztunnelpolicy",
	Doc:   "AuthorizationPolicies that ztunnel enforces say nothing about HTTP.",
	Needs: []analyze.Kind{analyze.AuthorizationPolicy, analyze.Namespace},
	Uses: []analyze.Kind{
		analyze.Pod, analyze.Deployment, analyze.StatefulSet, analyze.DaemonSet, analyze.ReplicaSet, analyze.Job, analyze.CronJob,
	},
	Codes: []*analyze.Code{overHead},
	Run:   run,
}

//nolint:gochecknoglobals // a code is an immutable value with an identity
var overHead = &analyze.Code{ID: "MSH7001", Severity: analyze.Error, Title: "A policy about HTTP is enforced by ztunnel", Doc: msh7001}

func run(pass *analyze.Pass) error {
	for _, policy := range pass.Mesh.Policies(analyze.AuthorizationPolicy, "") {
		typed, ok := analyze.As[security.AuthorizationPolicy](policy.Resource)
		if !ok || len(policy.Targets) > 0 {
			continue
		}
		action := typed.Spec.GetAction()
		at, effect := object.Field("spec.action"), ""
		if action == security.AuthorizationPolicy_CUSTOM {
			effect = "ztunnel does not support action CUSTOM"
		} else {
			at, effect = firstHTTP(typed.Spec)
		}
		if effect == "" {
			continue
		}
		if workload := ambient(pass.Mesh, policy); workload != nil {
			pass.Report(analyze.Diagnostic{
				Code: overHead, On: policy, Field: at,
				Message: "for " + workload.String() + ", which is in ambient mode, " + effect + ": attach the policy by targetRefs to what has a waypoint",
				Related: []analyze.Related{{On: workload, Field: object.Field("metadata.name"), Note: "a workload in ambient mode"}},
			})
		}
	}
	return nil
}

// ambient finds a workload whose ztunnel is to enforce the policy.
func ambient(mesh *analyze.Mesh, policy *analyze.Policy) *analyze.Workload {
	for _, workload := range mesh.Chosen(policy) {
		if mesh.MembershipOf(workload) == analyze.InAmbient {
			return workload
		}
	}
	return nil
}

// firstHTTP finds the first rule with something that ztunnel cannot know, and
// says what comes of it.
func firstHTTP(spec *security.AuthorizationPolicy) (at object.Path, effect string) {
	for i, rule := range spec.GetRules() {
		within, found := httpIn(rule)
		if !found {
			continue
		}
		at = object.Field("spec.rules", i).With(within)
		name := at[len(at)-1].Name
		if name == "key" {
			name = rule.When[within[len(within)-2].Index].Key
		}
		if spec.GetAction() == security.AuthorizationPolicy_DENY {
			return at, "ztunnel denies without looking at " + name + ", so this rule denies more than it says"
		}
		return at, "ztunnel cannot know " + name + " and leaves the rule out, so it allows nothing"
	}
	return nil, ""
}

func httpIn(rule *security.Rule) (at object.Path, found bool) {
	for i, from := range rule.GetFrom() {
		source := from.GetSource()
		switch at := object.Field("from", i, "source"); {
		case len(source.GetRequestPrincipals()) > 0:
			return at.With("requestPrincipals"), true
		case len(source.GetNotRequestPrincipals()) > 0:
			return at.With("notRequestPrincipals"), true
		case len(source.GetRemoteIpBlocks()) > 0:
			return at.With("remoteIpBlocks"), true
		case len(source.GetNotRemoteIpBlocks()) > 0:
			return at.With("notRemoteIpBlocks"), true
		}
	}
	for i, to := range rule.GetTo() {
		operation := to.GetOperation()
		for _, field := range []struct {
			name   string
			values []string
		}{
			{"methods", operation.GetMethods()},
			{"notMethods", operation.GetNotMethods()},
			{"paths", operation.GetPaths()},
			{"notPaths", operation.GetNotPaths()},
			{"hosts", operation.GetHosts()},
			{"notHosts", operation.GetNotHosts()},
		} {
			if len(field.values) > 0 {
				return object.Field("to", i, "operation", field.name), true
			}
		}
	}
	for i, when := range rule.GetWhen() {
		if strings.HasPrefix(when.GetKey(), "request.") || when.GetKey() == "remote.ip" {
			return object.Field("when", i, "key"), true
		}
	}
	return nil, false
}
