package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/object"
)

// dashboardRules are the rows of the table of errors that are about dashboards.
func dashboardRules() []rule {
	return []rule{
		on(func(*noDashboardsError) verdict {
			return exits(exitUnreachable, "'meshctl addon list' shows what can be installed", "--service NAMESPACE/NAME opens one whose labels are not the usual ones")
		}),
		on(func(e *dashboardDeniedError) verdict { return exits(exitDenied, dashboardDeniedHints(e.denied)...) }),
		on(func(e *dashboard.NotInstalledError) verdict { return exits(exitUnreachable, noDashboardHints(e)...) }),
		on(func(e *dashboard.AmbiguousError) verdict {
			return exits(exitUsage, fmt.Sprintf("-n chooses one: -n %s", e.Namespaces[0]))
		}),
		on(func(e *dashboard.NoPodError) verdict { return exits(exitUnreachable, noPodHints(e)...) }),
		on(func(e *dashboard.NotReadyError) verdict { return exits(exitUnhealthy, dashboardNotReadyHints(e)...) }),
		on(func(e *dashboard.SilentError) verdict {
			return exits(exitUnhealthy, fmt.Sprintf("kubectl logs -n %s %s", e.Pod.Namespace, e.Pod.Name), "--ui-port names another port of the pod")
		}),
		on(func(*kube.LostError) verdict { return exits(exitUnhealthy) }),
		on(func(*dashboard.PodGoneError) verdict { return exits(exitUnhealthy) }),
		on(func(*dashboard.PortInUseError) verdict {
			return exits(exitFailed, "--port chooses another; without it one that is free is taken")
		}),
	}
}

// dashboardDeniedError is a right that looking at dashboards takes.
type dashboardDeniedError struct {
	denied *kube.ForbiddenError
	err    error
}

func (e *dashboardDeniedError) Error() string { return e.err.Error() }

func (e *dashboardDeniedError) Unwrap() error { return e.err }

// noDashboardsError is a cluster without any dashboard.
type noDashboardsError struct{ namespace string }

func (e *noDashboardsError) Error() string {
	if e.namespace != "" {
		return "no dashboard is installed in namespace " + e.namespace
	}
	return "no dashboard is installed in this cluster"
}

// dashboardError tells errors apart that mean something else where nothing is installed or changed.
func dashboardError(err error) error {
	if denied, ok := errors.AsType[*kube.ForbiddenError](err); ok {
		if _, known := errors.AsType[*dashboardDeniedError](err); !known {
			return &dashboardDeniedError{denied: denied, err: err}
		}
	}
	return err
}

// noneOf is what is wrong if none of several could be opened.
func noneOf(wanted []dashboard.Dashboard, o dashboardOptions, err error) error {
	missing := 0
	for _, part := range split(err) {
		if _, absent := errors.AsType[*dashboard.NotInstalledError](part); absent {
			missing++
		}
	}
	if o.all && missing == len(wanted) {
		return &noDashboardsError{}
	}
	return err
}

func dashboardDeniedHints(e *kube.ForbiddenError) []string {
	var hints []string
	if e.Verb != "" {
		hints = append(hints, "to check again: "+canI(object.Access{Verb: e.Verb, Group: e.Group, Resource: e.Resource, Namespace: e.Namespace}))
	}
	where := "the namespace of the dashboard"
	if e.Namespace != "" {
		where = "namespace " + e.Namespace
	}
	return append(hints, "a dashboard takes these rights in "+where+": list services, pods and endpointslices, create pods/portforward")
}

func noDashboardHints(e *dashboard.NotInstalledError) []string {
	if len(e.Elsewhere) > 0 {
		return []string{fmt.Sprintf("it is in %s: say -n %s", strings.Join(e.Elsewhere, ", "), e.Elsewhere[0])}
	}
	if e.Service != "" || e.Selector != "" {
		return []string{"kubectl get services --all-namespaces --show-labels"}
	}
	var hints []string
	switch {
	case e.Dashboard.Component != "":
		hints = append(hints, "'meshctl addon install "+e.Dashboard.Component+"' installs it")
	case e.Dashboard.Install != "":
		hints = append(hints, e.Dashboard.Install)
	case takesPod(e.Dashboard):
		return []string{"'meshctl install' installs a control plane; -i names the namespace of one"}
	}
	return append(hints, "if it is there under other labels, name its Service: --service NAMESPACE/NAME")
}

func noPodHints(e *dashboard.NoPodError) []string {
	if e.Ref.Kind != "Pod" {
		return []string{"-n names another namespace"}
	}
	return []string{
		fmt.Sprintf("kubectl get pods -n %s", e.Ref.Namespace),
		"deploy/NAME instead of a pod goes on with the next pod when one is replaced",
	}
}

func dashboardNotReadyHints(e *dashboard.NotReadyError) []string {
	if len(e.Pods) == 0 {
		return []string{"'meshctl status' shows how the mesh is doing"}
	}
	return []string{fmt.Sprintf("kubectl describe pod -n %s %s", e.Pods[0].Namespace, e.Pods[0].Pod)}
}
