package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/object"
	"github.com/meshctl/meshctl/internal/profiles"
)

// dashboardRequest is what a command line asks for: one dashboard, or several.
type dashboardRequest struct {
	dashboard dashboard.Dashboard
	several   []dashboard.Dashboard
	page      *dashboard.Page
	// subject is what the page shall be about, as typed, and pod what to take
	// instead of a Service.
	subject, pod string
}

// readDashboardRequest reads what follows the name of a dashboard.
func readDashboardRequest(env *Env, d dashboard.Dashboard, args []string, o dashboardOptions) (dashboardRequest, error) {
	request := dashboardRequest{dashboard: d}
	switch {
	case d.NeedsPod || (takesPod(d) && len(args) > 0 && !isDashboard(env, args[0])):
		return readPod(request, args, o)
	case len(args) > 0 && hasPage(d, args[0]):
		return readPage(request, args, o)
	case o.query != "":
		return readPage(request, []string{"query", o.query}, o)
	case len(args) == 0:
		return request, nil
	}
	return readSeveral(env, request, args)
}

func isDashboard(env *Env, name string) bool {
	_, found := dashboard.Find(dashboards(env), name)
	return found
}

func readPod(request dashboardRequest, args []string, o dashboardOptions) (dashboardRequest, error) {
	name := request.dashboard.Name
	switch {
	case len(args) > 1:
		return request, usageErrorf("%s opens one pod at a time, got %q", name, args[1])
	case len(args) == 1 && o.selector != "":
		return request, usageErrorf("a pod and --selector exclude each other")
	case len(args) == 0 && o.selector == "" && o.service == "":
		return request, usageErrorf("%s takes a pod, a workload such as deploy/NAME, or the labels of one with -l", name)
	case len(args) == 1:
		request.pod = args[0]
	}
	return request, nil
}

func readPage(request dashboardRequest, args []string, o dashboardOptions) (dashboardRequest, error) {
	pages := request.dashboard.Pages
	page := pages[slices.IndexFunc(pages, func(p dashboard.Page) bool { return p.Name == args[0] })]
	request.page = &page
	switch {
	case o.query != "" && (page.Of != dashboard.Query || len(args) < 2 || args[1] != o.query):
		return request, usageErrorf("a page and --query exclude each other")
	case len(args) > 2, len(args) == 2 && page.Of == dashboard.Mesh:
		return request, usageErrorf("%s %s takes no %q", request.dashboard.Name, page.Name, args[len(args)-1])
	case len(args) == 2:
		request.subject = args[1]
	case page.Needs():
		return request, usageErrorf("%s %s takes a name", request.dashboard.Name, page.Name)
	}
	return request, nil
}

func readSeveral(env *Env, request dashboardRequest, args []string) (dashboardRequest, error) {
	d := request.dashboard
	request.several = []dashboard.Dashboard{d}
	for _, arg := range args {
		other, found := dashboard.Find(dashboards(env), arg)
		switch {
		case !found:
			return request, &UsageError{Near: profiles.Near(arg, wordsAfter(env, d)), Err: fmt.Errorf("%q is neither a page of %s nor another dashboard", arg, d.Title)}
		case other.NeedsPod:
			return request, usageErrorf("%s takes a pod: open it by itself", other.Name)
		case !slices.ContainsFunc(request.several, func(one dashboard.Dashboard) bool { return one.Name == other.Name }):
			request.several = append(request.several, other)
		}
	}
	return request, nil
}

// forOne refuses flags that make no sense for several dashboards.
func (o dashboardOptions) forOne() error {
	for _, flag := range []struct {
		name  string
		given bool
	}{{"service", o.service != ""}, {"selector", o.selector != ""}, {"ui-port", o.uiPort != 0}, {"path", o.path != ""}, {"scheme", o.scheme != ""}} {
		if flag.given {
			return usageErrorf("--%s is for one dashboard, not for several", flag.name)
		}
	}
	return nil
}

func wordsAfter(env *Env, d dashboard.Dashboard) []string {
	var words []string
	for _, page := range d.Pages {
		words = append(words, page.Name)
	}
	for _, other := range dashboards(env) {
		words = append(words, other.Name)
	}
	return words
}

// options are where the dashboard is and where it shall appear. namespace is the
// one of the kubeconfig context, or of -n.
func (r dashboardRequest) options(env *Env, namespace string, o dashboardOptions) (dashboard.Options, error) {
	options := o.common(env)
	options.Port, options.RemotePort = o.port, o.uiPort
	options.Scheme, options.Path = o.scheme, o.path
	options.Selector, options.Service = o.selector, o.service
	if in, name, both := strings.Cut(o.service, "/"); both {
		options.Namespace, options.Service = in, name
	}
	if r.dashboard.NeedsPod {
		options.Namespace = cmp.Or(options.Namespace, namespace)
	}
	if r.pod != "" {
		workload, err := readWorkload(r.pod, cmp.Or(options.Namespace, options.Home))
		if err != nil {
			return options, err
		}
		options.Workload = workload
	}
	if r.page != nil {
		options.Page = r.page
		options.About = r.about(namespace)
		if r.page.Of != dashboard.Query && r.subject != "" && o.service == "" {
			options.Namespace = "" // -n is about the subject
		}
	}
	return options, nil
}

// common are the options that do not tell dashboards apart.
func (o dashboardOptions) common(env *Env) dashboard.Options {
	return dashboard.Options{
		Namespace: env.Global.Namespace,
		Home:      env.Global.IstioNamespace,
		Address:   o.address,
		Patience:  o.reconnect,
	}
}

// about reads NAME, NAME.NAMESPACE, with anything that follows in a host name,
// NAMESPACE/NAME or KIND/NAME.
func (r dashboardRequest) about(namespace string) dashboard.About {
	if r.page.Of == dashboard.Query {
		return dashboard.About{Query: r.subject}
	}
	if r.subject == "" {
		return dashboard.About{}
	}
	before, name, both := strings.Cut(r.subject, "/")
	if !both {
		name = before
	} else if _, err := parseTarget(r.subject); err != nil && before != "svc" && before != "service" {
		return dashboard.About{Namespace: before, Name: name}
	}
	parts := strings.Split(name, ".")
	if len(parts) > 1 {
		namespace = parts[1]
	}
	return dashboard.About{Namespace: namespace, Name: parts[0]}
}

// readWorkload reads [KIND/]NAME[.NAMESPACE].
func readWorkload(text, namespace string) (object.Ref, error) {
	kind, name, both := strings.Cut(text, "/")
	if !both {
		kind, name = "pod", text
	}
	if at := strings.LastIndex(name, "."); at > 0 {
		name, namespace = name[:at], name[at+1:]
	}
	if kind == "svc" || kind == "service" {
		return object.Ref{Kind: "Service", Namespace: namespace, Name: name}, nil
	}
	target, err := parseTarget(kind + "/" + name)
	if err != nil {
		return object.Ref{}, err
	}
	if target.isNamespace() {
		return object.Ref{}, &UsageError{Err: errors.New("a namespace is no pod; -n names one to look in")}
	}
	return object.Ref{Group: target.kind.Group, Kind: target.kind.Kind, Namespace: namespace, Name: target.name}, nil
}
