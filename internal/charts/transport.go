package charts

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// patience is how long one download may take, as with Helm.
const patience = 2 * time.Minute

// transport trusts what Helm would for this entry, and goes through the same
// proxies.
func (e entry) transport() (*http.Transport, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: e.Insecure} //nolint:gosec // as the user told Helm
	if e.CAFile != "" {
		authorities, err := os.ReadFile(e.CAFile)
		if err != nil {
			return nil, &BrokenError{Location: e.CAFile, Err: reason(err)}
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, &BrokenError{Location: e.CAFile, Err: errors.New("there is no certificate in it")}
		}
	}
	if e.CertFile != "" && e.KeyFile != "" {
		own, err := tls.LoadX509KeyPair(e.CertFile, e.KeyFile)
		if err != nil {
			return nil, &BrokenError{Location: e.CertFile, Err: err}
		}
		config.Certificates = []tls.Certificate{own}
	}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		TLSClientConfig:     config,
		TLSHandshakeTimeout: 10 * time.Second,
		ForceAttemptHTTP2:   true,
	}, nil
}

// failed is the error for a request that got no answer.
func (h Helm) failed(location string, err error) error {
	if _, untrusted := errors.AsType[*tls.CertificateVerificationError](err); untrusted {
		return &CertificateError{Location: location, Config: h.Repositories, Err: cause(err)}
	}
	return &FetchError{Location: location, Err: cause(err)}
}

// securely keeps requests to one host on TLS. Only a host that may do without
// (this machine, a private network) and that answers in plain HTTP is spoken to
// so. Without this the registry library would ask both ways at once, and report
// the wrong one of two failures.
type securely struct {
	next     http.RoundTripper
	host     string
	mayPlain bool
	plain    atomic.Bool
}

func (s *securely) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Host != s.host {
		return s.next.RoundTrip(request)
	}
	if s.plain.Load() {
		return s.next.RoundTrip(by("http", request))
	}
	answer, err := s.next.RoundTrip(by("https", request))
	header, isRecord := errors.AsType[tls.RecordHeaderError](err)
	if isRecord && s.mayPlain && string(header.RecordHeader[:]) == "HTTP/" {
		s.plain.Store(true)
		return s.next.RoundTrip(by("http", request))
	}
	return answer, err
}

func by(scheme string, request *http.Request) *http.Request {
	if request.URL.Scheme == scheme {
		return request
	}
	other := request.Clone(request.Context())
	other.URL.Scheme = scheme
	return other
}
