package inject

import (
	"fmt"
	"strconv"
	"strings"
)

// NativeSince is the minor version of Kubernetes 1 from which on istiod uses
// native sidecars unless it is told otherwise.
const NativeSince = 33

// NativeOn says whether proxies are native sidecars on nodes of a version of
// Kubernetes, such as "1.36" or "v1.36.3-gke.1".
func NativeOn(version string) (bool, error) {
	major, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	digits := strings.TrimRight(minor, "+")
	n, err := strconv.Atoi(digits)
	if major != "1" || err != nil {
		return false, fmt.Errorf("%q is no version of Kubernetes, such as 1.36 or v1.36.3", version)
	}
	return n >= NativeSince, nil
}

func (in *Injector) nativeOn(node string) bool {
	if native, known := in.NativeNodes[node]; known {
		return native
	}
	return in.Native
}
