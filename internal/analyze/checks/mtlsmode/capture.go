package mtlsmode

import (
	"slices"
	"strconv"
	"strings"

	"github.com/meshctl/meshctl/internal/analyze"
)

// captured says whether connections to a port go through the proxy of a
// workload: annotations can leave ports out.
func captured(w *analyze.Workload, port uint32) bool {
	number := strconv.FormatUint(uint64(port), 10)
	lists := func(annotation string) bool {
		for text := range strings.SplitSeq(w.Annotations["traffic.sidecar.istio.io/"+annotation], ",") {
			if text = strings.TrimSpace(text); text == number || text == "*" {
				return true
			}
		}
		return false
	}
	_, only := w.Annotations["traffic.sidecar.istio.io/includeInboundPorts"]
	return !lists("excludeInboundPorts") && (!only || lists("includeInboundPorts")) && !slices.Contains([]string{"15020", "15021", "15090"}, number)
}
