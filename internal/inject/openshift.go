package inject

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

const (
	uidRangeAnnotation = "openshift.io/sa.scc.uid-range"
	groupsAnnotation   = "openshift.io/sa.scc.supplemental-groups"
)

// takeIDs gives the proxy the last user and group that the namespace may use,
// so that it does not meet those of applications, which are given from the front.
func (r *run) takeIDs(namespace Namespace) error {
	uids := namespace.Annotations[uidRangeAnnotation]
	if uids != "" {
		last, err := lastOf(uids)
		if err != nil {
			return fmt.Errorf("namespace %s: annotation %s: %w", r.original.Namespace, uidRangeAnnotation, err)
		}
		r.uid, r.gid = last, last
	}
	if groups, _, _ := strings.Cut(namespace.Annotations[groupsAnnotation], ","); groups != "" {
		last, err := lastOf(groups)
		if err != nil {
			return fmt.Errorf("namespace %s: annotation %s: %w", r.original.Namespace, groupsAnnotation, err)
		}
		r.gid = last
	}
	r.original = withoutSharedUser(r.original)
	return nil
}

// lastOf reads "first/count" or "first-last".
func lastOf(block string) (int64, error) {
	wrong := fmt.Errorf("%q is neither first/count nor first-last", block)
	if first, count, ok := strings.Cut(block, "/"); ok {
		from, err1 := strconv.ParseInt(first, 10, 64)
		size, err2 := strconv.ParseInt(count, 10, 64)
		if err1 != nil || err2 != nil || size < 1 {
			return 0, wrong
		}
		return from + size - 1, nil
	}
	if _, last, ok := strings.Cut(block, "-"); ok {
		if to, err := strconv.ParseInt(last, 10, 64); err == nil {
			return to, nil
		}
	}
	return 0, wrong
}

// withoutSharedUser forgets the user of a proxy that is the application's:
// OpenShift gave both the same one, and traffic of the proxy's user is not captured.
func withoutSharedUser(pod *corev1.Pod) *corev1.Pod {
	var app int64
	for _, c := range pod.Spec.Containers {
		if c.Name != proxyContainer && c.SecurityContext != nil && c.SecurityContext.RunAsUser != nil {
			app = *c.SecurityContext.RunAsUser
		}
	}
	shared := func(c *corev1.Container) bool {
		return c != nil && c.SecurityContext != nil && c.SecurityContext.RunAsUser != nil && *c.SecurityContext.RunAsUser == app
	}
	if !shared(proxyOf(pod)) {
		return pod
	}
	pod = pod.DeepCopy()
	own := proxyOf(pod).SecurityContext
	own.RunAsUser, own.RunAsGroup = nil, nil
	return pod
}
