package cli

import (
	"context"

	"github.com/meshctl/meshctl/internal/dashboard"
	"github.com/meshctl/meshctl/internal/dashboard/landing"
	"github.com/meshctl/meshctl/internal/kube"
	"github.com/meshctl/meshctl/internal/ui"
)

// runDashboard opens one dashboard and stays.
func runDashboard(ctx context.Context, env *Env, cluster *kube.Cluster, request dashboardRequest, o dashboardOptions) error {
	options, err := request.options(env, cluster.Namespace(), o)
	if err != nil {
		return err
	}
	story := &dashboardStory{env: env, quiet: o.urlOnly}
	options.Notify = story.of(request.dashboard)
	session, err := dashboard.Open(ctx, request.dashboard, options, forwarder{cluster})
	if err != nil {
		return err
	}
	story.begin(request.dashboard, session, "; Ctrl-C ends it")
	if session.NoPage {
		story.bad(request.dashboard.Title + " has no page \"" + request.page.Title + "\"; this is its start")
	}
	if err := ui.Print(env.IO.Stdout(), o.output, viewOfDashboard(request.dashboard, session)); err != nil {
		return err
	}
	if o.browser {
		// Some browsers stay in the foreground until they are closed.
		go story.browse(session.URL)
	}
	// Ctrl-C is how a session ends, so it is no error.
	return session.Wait(ctx)
}

// landingPort is where the page that lists dashboards is, if it is free: near
// the ports of Istio, so that it is the same from day to day.
const landingPort = 15080

// runDashboards opens several dashboards and a page that lists them, and stays.
func runDashboards(ctx context.Context, env *Env, cluster *kube.Cluster, wanted []dashboard.Dashboard, o dashboardOptions) error {
	story := &dashboardStory{env: env, quiet: o.urlOnly}
	group := dashboard.NewGroup(groupMembers(env, wanted, o, story), forwarder{cluster}, env.Now)
	ctx, end := context.WithCancel(ctx)
	defer end()
	ended := make(chan error, 1)
	go func() { ended <- group.Run(ctx) }()
	select {
	case <-group.Settled():
	case err := <-ended:
		return noneOf(wanted, o, err)
	}
	if nothingUp(group) {
		return noneOf(wanted, o, <-ended)
	}
	list, err := dashboard.Open(ctx, landingDashboard(env, cluster, group, o), dashboard.Options{Address: o.address, Port: o.port}, nil)
	if err != nil {
		return err
	}
	go func() { _ = list.Wait(ctx) }() // without it the dashboards are still there
	story.follow(ctx, group, o.all)
	if err := ui.Print(env.IO.Stdout(), o.output, viewOfDashboards(list, group)); err != nil {
		return err
	}
	if o.browser {
		go story.browse(list.URL)
	}
	return <-ended
}

func groupMembers(env *Env, wanted []dashboard.Dashboard, o dashboardOptions, story *dashboardStory) []dashboard.Member {
	var members []dashboard.Member
	for _, d := range wanted {
		options := o.common(env)
		options.Notify = story.of(d)
		members = append(members, dashboard.Member{Dashboard: d, Options: options})
	}
	return members
}

func nothingUp(group *dashboard.Group) bool {
	statuses, _ := group.Statuses()
	for _, status := range statuses {
		if status.Phase != dashboard.Failed {
			return false
		}
	}
	return true
}

// landingDashboard is the page that lists the dashboards of a group.
func landingDashboard(env *Env, cluster *kube.Cluster, group *dashboard.Group, o dashboardOptions) dashboard.Dashboard {
	page := landing.Page{
		Group:   group,
		Cluster: cluster.Context(),
		Program: env.program(),
		Address: o.address,
		Hints: func(err error) []string {
			var hints []string
			for _, hint := range judge(dashboardError(err)).hints {
				if hint != "" {
					hints = append(hints, env.named(hint))
				}
			}
			return hints
		},
	}
	return dashboard.Dashboard{Name: "list", Title: "Dashboards", Port: landingPort, Serve: page.Serve}
}
