package crd

import (
	"encoding/base64"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// formatted says whether a text is of a format that the API server knows, and
// how to call that. Other formats are not looked at, here as there.
func formatted(format, text string) (wanted string, ok bool) {
	switch strings.ReplaceAll(format, "-", "") {
	case "byte":
		_, err := base64.StdEncoding.DecodeString(text)
		return "base64", err == nil
	case "datetime":
		return "a time such as 2006-01-02T15:04:05Z", isTime(text)
	case "date":
		_, err := time.Parse(time.DateOnly, text)
		return "a date such as 2006-01-02", err == nil
	case "duration":
		_, err := time.ParseDuration(text)
		return "a duration such as 1m30s", err == nil
	case "ipv4":
		address, err := netip.ParseAddr(text)
		return "an IPv4 address", err == nil && address.Is4()
	case "ipv6":
		address, err := netip.ParseAddr(text)
		return "an IPv6 address", err == nil && address.Is6() && address.Zone() == ""
	case "cidr":
		_, err := netip.ParsePrefix(text)
		return "a range of addresses", err == nil
	case "uri":
		_, err := url.ParseRequestURI(text)
		return "a URI", err == nil
	}
	return "", true
}

func isTime(text string) bool {
	_, err := time.Parse(time.RFC3339, strings.ToUpper(text))
	return err == nil
}
