package platform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Annotations by which the cloud controller of Oracle's cloud learns what load
// balancer a Service wants.
const (
	ociType = "oci.oraclecloud.com/load-balancer-type"

	lbPrefix   = "service.beta.kubernetes.io/"
	lbShape    = lbPrefix + "oci-load-balancer-shape"
	lbShapeMin = lbPrefix + "oci-load-balancer-shape-flex-min"
	lbShapeMax = lbPrefix + "oci-load-balancer-shape-flex-max"
	lbInternal = lbPrefix + "oci-load-balancer-internal"
	lbSubnet1  = lbPrefix + "oci-load-balancer-subnet1"
	lbSubnet2  = lbPrefix + "oci-load-balancer-subnet2"
	lbNSGs     = "oci.oraclecloud.com/oci-network-security-groups"

	nlbPrefix   = "oci-network-load-balancer.oraclecloud.com/"
	nlbInternal = nlbPrefix + "internal"
	nlbSubnet   = nlbPrefix + "subnet"
	nlbNSGs     = nlbPrefix + "oci-network-security-groups"
	nlbPreserve = nlbPrefix + "is-preserve-source"
)

// The bandwidth, in Mbps, that a flexible load balancer can have.
const (
	leastMbps = 10
	mostMbps  = 8192
)

// OKELoadBalancer is what a gateway's load balancer in Oracle's cloud is to be
// like, as --oke-lb says it.
type OKELoadBalancer struct {
	network  bool // layer 4
	flexible bool
	min, max int
	internal bool
	clientIP bool
	subnets  []string
	nsgs     []string
}

// OKEGrammar explains what ParseOKE reads.
const OKEGrammar = "flexible:MIN-MAX (Mbps) or nlb, and any of internal, client-ip, subnet=OCID, nsg=OCID"

// ParseOKE reads a list such as "flexible:10-100,internal".
func ParseOKE(text string) (OKELoadBalancer, error) {
	var lb OKELoadBalancer
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if seen[part] {
			return lb, fmt.Errorf("%s is said twice", part)
		}
		seen[part] = true
		if err := lb.take(part); err != nil {
			return lb, err
		}
	}
	return lb, lb.possible()
}

func (lb *OKELoadBalancer) take(part string) error {
	shape, bandwidth, shaped := strings.Cut(part, ":")
	option, value, valued := strings.Cut(part, "=")
	switch {
	case part == "nlb":
		lb.network = true
	case part == "internal":
		lb.internal = true
	case part == "client-ip":
		lb.clientIP = true
	case shape == "flexible" && lb.flexible:
		return fmt.Errorf("%s: the bandwidth is said twice", part)
	case shape == "flexible":
		lb.flexible = true
		return lb.bandwidth(bandwidth, shaped)
	case option == "subnet" && valued:
		lb.subnets = append(lb.subnets, value)
		return ocid(part, value, "subnet")
	case option == "nsg" && valued:
		lb.nsgs = append(lb.nsgs, value)
		return ocid(part, value, "networksecuritygroup")
	default:
		return fmt.Errorf("%q is none of %s", part, OKEGrammar)
	}
	return nil
}

func ocid(part, value, kind string) error {
	if !strings.HasPrefix(value, "ocid1."+kind+".") {
		return fmt.Errorf("%s: expected an OCID, which starts with ocid1.%s", part, kind)
	}
	return nil
}

// bandwidth reads MIN-MAX, or one number for both.
func (lb *OKELoadBalancer) bandwidth(text string, given bool) error {
	const want = "flexible wants the least and the most bandwidth in Mbps, for example flexible:10-100"
	if !given {
		return fmt.Errorf("%s", want)
	}
	low, high, isRange := strings.Cut(text, "-")
	if !isRange {
		high = low
	}
	var err error
	if lb.min, err = strconv.Atoi(low); err == nil {
		lb.max, err = strconv.Atoi(high)
	}
	switch {
	case err != nil:
		return fmt.Errorf("flexible:%s: %s", text, want)
	case lb.min > lb.max:
		return fmt.Errorf("flexible:%s: the least bandwidth is more than the most", text)
	case lb.min < leastMbps || lb.max > mostMbps:
		return fmt.Errorf("flexible:%s: Oracle's load balancers have %d to %d Mbps", text, leastMbps, mostMbps)
	}
	return nil
}

// possible refuses what no load balancer can be, and says why.
func (lb *OKELoadBalancer) possible() error {
	const mostSubnets, mostNSGs = 2, 5
	switch {
	case lb.network && lb.flexible:
		return fmt.Errorf("flexible and nlb exclude each other: a network load balancer has no shape, it takes what bandwidth it needs")
	case lb.network && len(lb.subnets) > 1:
		return fmt.Errorf("a network load balancer has one subnet, not %d", len(lb.subnets))
	case len(lb.subnets) > mostSubnets:
		return fmt.Errorf("a load balancer has one regional subnet or two subnets of availability domains, not %d", len(lb.subnets))
	case len(lb.nsgs) > mostNSGs:
		return fmt.Errorf("a load balancer has %d network security groups at most, not %d", mostNSGs, len(lb.nsgs))
	case lb.clientIP && !lb.network:
		return fmt.Errorf("client-ip needs nlb: the other kind of load balancer puts its own address in the place of the client's")
	}
	return nil
}

// KeepsClientIP says that the Service needs externalTrafficPolicy Local.
func (lb *OKELoadBalancer) KeepsClientIP() bool { return lb.clientIP }

// Annotations are what the Service of a gateway needs, in a fixed order of keys and values.
func (lb *OKELoadBalancer) Annotations() [][2]string {
	keys := [3]string{lbInternal, lbSubnet1, lbNSGs}
	found := [][2]string{{ociType, "lb"}}
	if lb.network {
		keys = [3]string{nlbInternal, nlbSubnet, nlbNSGs}
		found[0][1] = "nlb"
	}
	add := func(key, value string) { found = append(found, [2]string{key, value}) }
	if lb.flexible {
		add(lbShape, "flexible")
		add(lbShapeMin, strconv.Itoa(lb.min))
		add(lbShapeMax, strconv.Itoa(lb.max))
	}
	if lb.internal {
		add(keys[0], "true")
	}
	for i, subnet := range lb.subnets {
		add([]string{keys[1], lbSubnet2}[i], subnet)
	}
	if len(lb.nsgs) > 0 {
		slices.Sort(lb.nsgs)
		add(keys[2], strings.Join(lb.nsgs, ","))
	}
	if lb.clientIP {
		add(nlbPreserve, "true")
	}
	return found
}
