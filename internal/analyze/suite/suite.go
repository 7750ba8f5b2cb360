// Package suite is the list of all checks.
package suite

import (
	"github.com/meshctl/meshctl/internal/analyze"
	"github.com/meshctl/meshctl/internal/analyze/checks/alphaannotation"
	"github.com/meshctl/meshctl/internal/analyze/checks/annotations"
	"github.com/meshctl/meshctl/internal/analyze/checks/applicationuid"
	"github.com/meshctl/meshctl/internal/analyze/checks/authorization"
	"github.com/meshctl/meshctl/internal/analyze/checks/bundleversion"
	"github.com/meshctl/meshctl/internal/analyze/checks/claimroute"
	"github.com/meshctl/meshctl/internal/analyze/checks/condition"
	"github.com/meshctl/meshctl/internal/analyze/checks/crdschema"
	"github.com/meshctl/meshctl/internal/analyze/checks/credential"
	"github.com/meshctl/meshctl/internal/analyze/checks/deploymentservice"
	"github.com/meshctl/meshctl/internal/analyze/checks/deprecated"
	"github.com/meshctl/meshctl/internal/analyze/checks/entryaddress"
	"github.com/meshctl/meshctl/internal/analyze/checks/envoypatch"
	"github.com/meshctl/meshctl/internal/analyze/checks/extensionprovider"
	"github.com/meshctl/meshctl/internal/analyze/checks/gatewaycertificate"
	"github.com/meshctl/meshctl/internal/analyze/checks/gatewayconflict"
	"github.com/meshctl/meshctl/internal/analyze/checks/gatewayselector"
	"github.com/meshctl/meshctl/internal/analyze/checks/gatewayworkload"
	"github.com/meshctl/meshctl/internal/analyze/checks/imageauto"
	"github.com/meshctl/meshctl/internal/analyze/checks/injection"
	"github.com/meshctl/meshctl/internal/analyze/checks/jwksfetch"
	"github.com/meshctl/meshctl/internal/analyze/checks/mtlsmode"
	"github.com/meshctl/meshctl/internal/analyze/checks/networkregistry"
	"github.com/meshctl/meshctl/internal/analyze/checks/portname"
	"github.com/meshctl/meshctl/internal/analyze/checks/portpolicy"
	"github.com/meshctl/meshctl/internal/analyze/checks/proxyimage"
	"github.com/meshctl/meshctl/internal/analyze/checks/remotewebhook"
	"github.com/meshctl/meshctl/internal/analyze/checks/routeconflict"
	"github.com/meshctl/meshctl/internal/analyze/checks/routegateway"
	"github.com/meshctl/meshctl/internal/analyze/checks/routehost"
	"github.com/meshctl/meshctl/internal/analyze/checks/routesubset"
	"github.com/meshctl/meshctl/internal/analyze/checks/rulesubset"
	"github.com/meshctl/meshctl/internal/analyze/checks/schema"
	"github.com/meshctl/meshctl/internal/analyze/checks/servercertificate"
	"github.com/meshctl/meshctl/internal/analyze/checks/telemetryprovider"
	"github.com/meshctl/meshctl/internal/analyze/checks/webhookoverlap"
	"github.com/meshctl/meshctl/internal/analyze/checks/workloadselector"
	"github.com/meshctl/meshctl/internal/analyze/checks/ztunnelpolicy"
)

// All are the checks, by name.
func All() []*analyze.Analyzer {
	return []*analyze.Analyzer{
		alphaannotation.Analyzer,
		annotations.Analyzer,
		applicationuid.Analyzer,
		authorization.Analyzer,
		bundleversion.Analyzer,
		claimroute.Analyzer,
		condition.Analyzer,
		crdschema.Analyzer,
		credential.Analyzer,
		deploymentservice.Analyzer,
		deprecated.Analyzer,
		entryaddress.Analyzer,
		envoypatch.Analyzer,
		extensionprovider.Analyzer,
		gatewaycertificate.Analyzer,
		gatewayconflict.Analyzer,
		gatewayselector.Analyzer,
		gatewayworkload.Analyzer,
		imageauto.Analyzer,
		injection.Analyzer,
		jwksfetch.Analyzer,
		mtlsmode.Analyzer,
		networkregistry.Analyzer,
		portname.Analyzer,
		portpolicy.Analyzer,
		proxyimage.Analyzer,
		remotewebhook.Analyzer,
		routeconflict.Analyzer,
		routegateway.Analyzer,
		routehost.Analyzer,
		routesubset.Analyzer,
		rulesubset.Analyzer,
		schema.Analyzer,
		servercertificate.Analyzer,
		telemetryprovider.Analyzer,
		webhookoverlap.Analyzer,
		workloadselector.Analyzer,
		ztunnelpolicy.Analyzer,
	}
}
