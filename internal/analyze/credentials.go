package analyze

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	core "k8s.io/api/core/v1"
)

// Credential is what a Secret has for a TLS server. The private key is looked
// at, and not kept.
type Credential struct {
	Secret Of[core.Secret]
	// Certificate and Key are the names of the fields they are in: tls.crt and
	// tls.key, or cert and key; empty if they are not there.
	Certificate, Key string
	// Chain is the certificate of the server and those that vouch for it.
	Chain []*x509.Certificate
	// Err says why the pair cannot be read: it is missing, or the certificate is no PEM.
	Err error
	// Mismatch says why the key is not that of the certificate.
	Mismatch error
	// Authorities are the certificates by which clients are known, CA the name
	// of their field, and CAErr why they cannot be read.
	Authorities []*x509.Certificate
	CA          string
	CAErr       error
	// Unread is true if only the name of the Secret is known, and not what is in it.
	Unread bool
}

// ErrNoCertificate is a Secret without certificate or key.
var ErrNoCertificate = errors.New("it has no certificate with a key: neither tls.crt and tls.key nor cert and key")

// Credential reads the Secret of a credentialName; ok is false if there is none.
func (m *Mesh) Credential(namespace, name string) (credential *Credential, ok bool) {
	secret, ok := m.Secrets().Get(namespace, name)
	if !ok {
		return nil, false
	}
	// Parsing certificates is slow: it is done once for those that are asked for.
	read, ok := m.indexes.credentials.Load(secret.Resource)
	if !ok {
		read, _ = m.indexes.credentials.LoadOrStore(secret.Resource, sync.OnceValue(func() *Credential {
			c := &Credential{Secret: secret}
			if c.Unread = secret.Live() && secret.Spec.Type == "" && len(secret.Spec.Data) == 0; c.Unread {
				return c // every Secret of a cluster has a type
			}
			c.readPair()
			c.readAuthorities()
			return c
		}))
	}
	once, _ := read.(func() *Credential)
	return once(), true
}

// Covers says whether the certificate is good for a host of a server, which may
// be a wildcard.
func (c *Credential) Covers(host string) bool {
	if len(c.Chain) == 0 {
		return false
	}
	if host == "*" {
		return true
	}
	// What is below a wildcard stands for all of it, but not deeper.
	return c.Chain[0].VerifyHostname(strings.Replace(host, "*", "any", 1)) == nil
}

func (c *Credential) field(name string) []byte {
	if data := c.Secret.Spec.Data[name]; len(data) > 0 {
		return data
	}
	return []byte(c.Secret.Spec.StringData[name])
}

// Flaw is why nobody takes a pair that can be read, empty if there is no reason:
// the key is another one, or the chain is broken or out of date.
func (c *Credential) Flaw(now time.Time) string {
	if c.Mismatch != nil {
		return "cannot be used: " + c.Mismatch.Error()
	}
	for i, issuer := range c.Chain[min(1, len(c.Chain)):] {
		name := issuer.Subject.CommonName
		if name == "" {
			name = issuer.Subject.String()
		}
		if c.Chain[i].CheckSignatureFrom(issuer) != nil {
			return fmt.Sprintf("has a broken chain: certificate %d in it, %s, does not vouch for the one before", i+2, name)
		}
		if why := Outdated(issuer, now); why != "" {
			return fmt.Sprintf("has a certificate of %s in its chain that %s", name, why)
		}
	}
	return ""
}

// Outdated says why a certificate is not valid at a time, empty if it is or
// nobody knows the time.
func Outdated(certificate *x509.Certificate, now time.Time) string {
	switch {
	case now.IsZero():
	case now.After(certificate.NotAfter):
		return "expired on " + certificate.NotAfter.UTC().Format(time.DateOnly)
	case now.Before(certificate.NotBefore):
		return "is not valid before " + certificate.NotBefore.UTC().Format(time.DateOnly)
	}
	return ""
}

func (c *Credential) readPair() {
	for _, names := range [][2]string{{"cert", "key"}, {"tls.crt", "tls.key"}} {
		certificate, key := c.field(names[0]), c.field(names[1])
		if len(certificate) == 0 || len(key) == 0 {
			continue
		}
		c.Certificate, c.Key = names[0], names[1]
		if c.Chain, c.Err = readCertificates(certificate); c.Err != nil {
			c.Err = fmt.Errorf("%s: %w", names[0], c.Err)
			return
		}
		if _, err := tls.X509KeyPair(certificate, key); err != nil {
			c.Mismatch = err
		}
		return
	}
	c.Err = ErrNoCertificate
}

func (c *Credential) readAuthorities() {
	for _, name := range []string{"cacert", "ca.crt"} {
		if text := c.field(name); len(text) > 0 {
			c.CA = name
			c.Authorities, c.CAErr = readCertificates(text)
			return
		}
	}
}

func readCertificates(text []byte) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for rest := bytes.TrimSpace(text); len(rest) > 0; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		found = append(found, certificate)
	}
	if len(found) == 0 {
		return nil, errors.New("there is no certificate in PEM form")
	}
	return found, nil
}
