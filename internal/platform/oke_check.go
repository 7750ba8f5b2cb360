package platform

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Problem is something wrong with the annotations of a Service.
type Problem struct {
	Key  string // of the annotation
	Text string
	// Fatal problems leave the Service without a load balancer; of the others
	// a setting is not obeyed.
	Fatal bool
}

// ForOKE reports whether annotations say anything to Oracle's cloud controller
// about the load balancer.
func ForOKE(annotations map[string]string) bool {
	for key := range annotations {
		if ociKey(key) {
			return true
		}
	}
	return false
}

func ociKey(key string) bool {
	return key == ociType || strings.HasPrefix(key, lbPrefix+"oci-load-balancer-") || strings.HasPrefix(key, nlbPrefix)
}

// Shaped reports whether annotations choose the kind or the bandwidth of the load balancer.
func Shaped(annotations map[string]string) bool {
	return annotations[ociType] == "nlb" || annotations[lbShape] != ""
}

// CheckOKE looks for combinations of annotations that Oracle's cloud refuses
// or does not obey. local is externalTrafficPolicy: Local.
func CheckOKE(annotations map[string]string, local bool) []Problem {
	c := okeCheck{annotations: annotations}
	c.kind()
	c.shape()
	for _, key := range []string{lbInternal, nlbInternal, nlbPreserve} {
		if value := annotations[key]; value != "" && value != "true" && value != "false" {
			c.fatal(key, `%q is neither "true" nor "false"`, value)
		}
	}
	if annotations[nlbPreserve] == "true" && !local {
		c.fatal(nlbPreserve, "keeping the client's address needs externalTrafficPolicy: Local")
	}
	for _, key := range []string{lbSubnet1, lbSubnet2, nlbSubnet} {
		if value := annotations[key]; value != "" && !strings.HasPrefix(value, "ocid1.subnet.") {
			c.fatal(key, "%q is not the OCID of a subnet", value)
		}
	}
	return c.found
}

type okeCheck struct {
	annotations map[string]string
	found       []Problem
}

func (c *okeCheck) fatal(key, format string, args ...any) {
	c.found = append(c.found, Problem{Key: key, Text: fmt.Sprintf(format, args...), Fatal: true})
}

func (c *okeCheck) warn(key, format string, args ...any) {
	c.found = append(c.found, Problem{Key: key, Text: fmt.Sprintf(format, args...)})
}

// kind checks that the annotations are those of one kind of load balancer.
func (c *okeCheck) kind() {
	kind, said := c.annotations[ociType]
	if said && kind != "lb" && kind != "nlb" {
		c.fatal(ociType, `%q is neither "lb" nor "nlb"`, kind)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(c.annotations)) {
		switch {
		case kind == "nlb" && (key == lbShapeMin || key == lbShapeMax) && c.annotations[lbShape] != "":
		case kind == "nlb" && strings.HasPrefix(key, lbShape):
			c.fatal(key, "a network load balancer has no shape; drop this, or the annotation %s", ociType)
		case kind == "nlb" && strings.HasPrefix(key, lbPrefix+"oci-load-balancer-"):
			c.warn(key, "has no effect on a network load balancer, whose annotations begin with %s", nlbPrefix)
		case kind != "nlb" && strings.HasPrefix(key, nlbPrefix):
			c.warn(key, "has no effect without %s: nlb", ociType)
		}
	}
}

func (c *okeCheck) shape() {
	if c.annotations[ociType] == "nlb" {
		return
	}
	if c.annotations[lbShape] != "flexible" {
		for _, key := range []string{lbShapeMin, lbShapeMax} {
			if c.annotations[key] != "" {
				c.warn(key, "has no effect without %s: flexible", lbShape)
			}
		}
		return
	}
	var bandwidth []int
	for _, key := range []string{lbShapeMin, lbShapeMax} {
		value := c.annotations[key]
		number, err := strconv.Atoi(value)
		switch {
		case value == "":
			c.fatal(lbShape, "a flexible shape needs %s too", key)
		case err != nil:
			c.fatal(key, "%q is not a number of Mbps", value)
		default:
			bandwidth = append(bandwidth, number)
			if number < leastMbps || number > mostMbps {
				c.warn(key, "%d Mbps is out of reach: load balancers have %d to %d", number, leastMbps, mostMbps)
			}
		}
	}
	if len(bandwidth) == 2 && bandwidth[0] > bandwidth[1] {
		c.fatal(lbShapeMin, "the least bandwidth, %d Mbps, is more than the most, %d", bandwidth[0], bandwidth[1])
	}
}
