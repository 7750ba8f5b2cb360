package kube

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// unreachable says in plain words why no answer came.
func (c *Cluster) unreachable(err error) error {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return c.unreachableBy(NoSuchHost, "no such host: "+dns.Name, err)
	case utilnet.IsConnectionRefused(err):
		return c.unreachableBy(Refused, "connection refused", err)
	case certificateProblem(err) != "":
		return c.unreachableBy(Certificate, certificateProblem(err), err)
	case errors.Is(err, context.DeadlineExceeded):
		return c.unreachableBy(Timeout, fmt.Sprintf("no answer within %s", c.timeout), err)
	case timedOut(err):
		return c.unreachableBy(Timeout, "no answer in time", err)
	case strings.Contains(err.Error(), "getting credentials: "):
		// The plugin's error reaches us as text only.
		_, cause, _ := strings.Cut(err.Error(), "getting credentials: ")
		return c.unreachableBy(Credentials, "getting credentials: "+firstLine(cause), err)
	}
	return c.unreachableBy(Network, innermost(err), err)
}

func (c *Cluster) unreachableBy(obstacle Obstacle, cause string, err error) error {
	return &UnreachableError{Host: c.Host(), Context: c.context, Obstacle: obstacle, Cause: cause, Err: err}
}

func certificateProblem(err error) string {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		alert     tls.AlertError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &authority):
		return "the server's certificate is signed by an unknown authority"
	case errors.As(err, &hostname):
		return "the server's certificate is for another name: " + hostname.Error()
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the server's certificate has expired or is not valid yet"
	case errors.As(err, &verify):
		return "the server's certificate cannot be trusted: " + verify.Err.Error()
	case errors.As(err, &alert):
		return "the server refused the TLS connection: " + alert.Error()
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "the server does not speak TLS"
	}
	return ""
}

func timedOut(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

// innermost drops the URL that net/http puts in front.
func innermost(err error) string {
	if request, ok := errors.AsType[*url.Error](err); ok {
		return request.Err.Error()
	}
	return err.Error()
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
