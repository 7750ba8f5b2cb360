package cli

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/meshctl/meshctl/internal/charts"
	"github.com/meshctl/meshctl/internal/install/render"
)

// chartRules are the rows of the table of errors about charts from elsewhere.
func chartRules() []rule {
	return []rule{
		on(func(e *charts.MissingError) verdict { return exits(exitUsage, missingChartHint(e)) }),
		on(func(e *charts.VersionError) verdict {
			return exits(exitUsage, "--chart-version takes one of "+some(e.Known))
		}),
		on(func(*charts.BadVersionError) verdict {
			return exits(exitUsage, "--chart-version takes a version (1.30.3) or a range (~1.30, >=1.29 <1.31)")
		}),
		on(func(e *charts.LocationError) verdict { return exits(exitUsage, locationHint(e)) }),
		on(func(*charts.AmbiguousError) verdict {
			return exits(exitInput, "name the directory that holds the one you mean")
		}),
		on(func(e *charts.AccessError) verdict { return exits(exitDenied, accessHint(e)) }),
		on(func(e *charts.CertificateError) verdict { return exits(exitUnreachable, certificateHint(e)) }),
		on(func(*charts.FetchError) verdict {
			return exits(exitUnreachable, "without a way to it, download the charts elsewhere and name their directory: --charts DIR")
		}),
		on(func(*charts.StatusError) verdict { return exits(exitUnreachable) }),
		on(func(*charts.DigestError) verdict {
			return exits(exitInput, "the file was replaced after it was published, or on its way here; do not use it before you know why")
		}),
		on(func(*charts.BrokenError) verdict { return exits(exitInput) }),
		on(func(*render.HookError) verdict {
			return exits(exitInput, "install this chart by helm, or leave out --charts")
		}),
	}
}

func missingChartHint(e *charts.MissingError) string {
	if len(e.Known) == 0 {
		return "--charts names the path that the charts are below: oci://REGISTRY/PATH, without the chart's own name"
	}
	return "it has " + some(e.Known)
}

func locationHint(e *charts.LocationError) string {
	if len(e.Repositories) > 0 {
		return "Helm knows the repositories " + some(e.Repositories)
	}
	return "--charts takes a directory, the https:// URL of a Helm repository, its name in Helm, or oci://REGISTRY/PATH"
}

func accessHint(e *charts.AccessError) string {
	wrong := "there are none for it"
	if e.Credentials {
		wrong = "those in there do not do"
	}
	if e.Registry {
		host, _, _ := strings.Cut(strings.TrimPrefix(e.Location, "oci://"), "/")
		return fmt.Sprintf("credentials are read from %s, and %s; renew them by: helm registry login %s", e.Config, wrong, host)
	}
	return fmt.Sprintf("credentials are read from %s, and %s; renew them by: helm repo add NAME %s --username USER --force-update", e.Config, wrong, repositoryOf(e.Location))
}

func certificateHint(e *charts.CertificateError) string {
	if strings.HasPrefix(e.Location, "oci://") {
		return fmt.Sprintf("trust the authority on this machine (SSL_CERT_FILE names one), or give a repository on that host a caFile in %s", e.Config)
	}
	return fmt.Sprintf("tell Helm whom to trust: helm repo add NAME %s --ca-file FILE --force-update (it is kept in %s)", repositoryOf(e.Location), e.Config)
}

// repositoryOf is the URL of the repository that a file is in.
func repositoryOf(file string) string {
	at, err := url.Parse(file)
	if err != nil {
		return file
	}
	at.Path = at.Path[:max(strings.LastIndex(at.Path, "/"), 0)]
	return at.String()
}

// some lists the first names of many.
func some(names []string) string {
	const most = 8
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
