package profiles

import (
	"net"
	"regexp"
	"strconv"
)

var trustDomainPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$`)

func isTrustDomain(text string) string {
	return matching(trustDomainPattern, text, "a domain name in lower case, such as cluster.local")
}

// isAddress accepts host:port.
func isAddress(text string) string {
	if host, port, err := net.SplitHostPort(text); text != "" && (err != nil || host == "" || isPort(port) != "") {
		return "host:port"
	}
	return ""
}

// meshRules finds what is wrong with a mesh configuration beyond single fields.
func (c *checker) meshRules(config *node, path ...string) {
	outer := c.path
	c.path = below([]string{"spec"}, path...)
	c.locality(config.at("localityLbSetting"))
	c.providers(config)
	metadata := config.at("defaultConfig", "proxyMetadata")
	if old := metadata.at("ISTIO_META_DNS_AUTO_ALLOCATE"); old != nil {
		c.warn(old, "%s is not needed any more: istiod gives addresses to the hosts of ServiceEntries by itself",
			pathText(below(c.path, "defaultConfig", "proxyMetadata", "ISTIO_META_DNS_AUTO_ALLOCATE")))
	}
	c.path = outer
}

// locality checks that traffic is spread completely, and in one way.
func (c *checker) locality(settings *node) {
	if settings == nil {
		return
	}
	c.path = append(c.path, "localityLbSetting")
	defer func() { c.path = c.path[:len(c.path)-1] }()
	c.rivals(settings, [][]string{{"distribute", "failover"}, {"distribute", "failoverPriority"}})
	for i, rule := range settings.elements("distribute") {
		sum := int64(0)
		if to := rule.at("to"); to != nil {
			for _, share := range to.fields {
				weight, _ := share.value.(int64)
				sum += weight
			}
		}
		if sum != 100 {
			c.under("distribute", func() {
				c.under("["+strconv.Itoa(i)+"]", func() {
					c.fail(rule, "the weights add up to "+strconv.FormatInt(sum, 10)+", not to 100", "")
				})
			})
		}
	}
	for i, rule := range settings.elements("failover") {
		if from := rule.str("from"); from != "" && from == rule.str("to") {
			c.under("failover", func() {
				c.under("["+strconv.Itoa(i)+"]", func() { c.fail(rule, "the region "+from+" fails over to itself", "") })
			})
		}
	}
}

// providers checks that extension providers can be told apart and named.
func (c *checker) providers(config *node) {
	seen := map[string]*node{}
	for i, provider := range config.elements("extensionProviders") {
		c.under("extensionProviders", func() {
			c.under("["+strconv.Itoa(i)+"]", func() {
				name := provider.str("name")
				switch other := seen[name]; {
				case name == "":
					c.fail(provider, "it has no name, so that nothing can refer to it", "give it a name")
				case other != nil:
					c.fail(provider, "a second provider named "+name+"; the first is at "+other.origin.place(), "")
				}
				seen[name] = provider
			})
		})
	}
}
