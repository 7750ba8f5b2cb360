package egress

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/meshctl/meshctl/e2e/lab/internal/pki"
)

func client(t *testing.T, trusted ...*x509.Certificate) *http.Client {
	t.Helper()
	authority, err := pki.NewAuthority("test")
	if err != nil {
		t.Fatal(err)
	}
	pair, err := authority.Issue(pki.Subject{Name: "proxy", Addresses: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Start(pair.Certificate, pair.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	proxy, err := url.Parse(p.URL())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.Pair().Certificate)
	for _, certificate := range trusted {
		roots.AddCert(certificate)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestProxy_ReachesThisMachine(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "here")
	}))
	defer server.Close()
	response, err := client(t, server.Certificate()).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if content, err := io.ReadAll(response.Body); err != nil || string(content) != "here" {
		t.Errorf("answer = %q, %v", content, err)
	}
}

func TestProxy_RefusesTheRestOfTheWorld(t *testing.T) {
	for _, address := range []string{"https://10.96.0.10/", "https://istiod.istio-system.svc/", "https://[2001:db8::1]/"} {
		response, err := client(t).Get(address)
		if err == nil {
			_ = response.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "Bad Gateway") {
			t.Errorf("%s: %v, want a bad gateway", address, err)
		}
	}
}
