package pki

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"testing"
)

func TestIssue_MakesCertificatesThatTheAuthorityVouchesFor(t *testing.T) {
	authority, err := NewAuthority("test")
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority.Pair().Certificate) {
		t.Fatal("the authority's certificate is not PEM")
	}
	tests := []struct {
		name    string
		subject Subject
		usage   x509.ExtKeyUsage
		host    string
		want    bool
	}{
		{"server by name", Subject{Name: "s", Addresses: []string{"localhost"}}, x509.ExtKeyUsageServerAuth, "localhost", true},
		{"server by address", Subject{Name: "s", Addresses: []string{"127.0.0.1"}}, x509.ExtKeyUsageServerAuth, "127.0.0.1", true},
		{"server elsewhere", Subject{Name: "s", Addresses: []string{"localhost"}}, x509.ExtKeyUsageServerAuth, "example.com", false},
		{"client", Subject{Name: "c", Groups: []string{"g"}}, x509.ExtKeyUsageClientAuth, "", true},
		{"client as server", Subject{Name: "c"}, x509.ExtKeyUsageServerAuth, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pair, err := authority.Issue(test.subject)
			if err != nil {
				t.Fatal(err)
			}
			both, err := tls.X509KeyPair(pair.Certificate, pair.Key)
			if err != nil {
				t.Fatal(err)
			}
			_, err = both.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: test.host, KeyUsages: []x509.ExtKeyUsage{test.usage}})
			if (err == nil) != test.want {
				t.Errorf("verifying: %v, want success: %t", err, test.want)
			}
			if got := both.Leaf.Subject; got.CommonName != test.subject.Name || len(got.Organization) != len(test.subject.Groups) {
				t.Errorf("subject = %v", got)
			}
		})
	}
}

func TestNewSigningKey_GivesBothHalves(t *testing.T) {
	public, private, err := NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(public)
	if _, err := x509.ParsePKIXPublicKey(block.Bytes); err != nil {
		t.Error(err)
	}
	block, _ = pem.Decode(private)
	if _, err := x509.ParseECPrivateKey(block.Bytes); err != nil {
		t.Error(err)
	}
}
