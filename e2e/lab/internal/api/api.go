// Package api is the little that the lab says to its API server: create, read and replace JSON documents.
// It is not client-go, on purpose: the lab program starts in milliseconds and is built in a second.
package api

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// requestTimeout bounds one request: the server is on this machine, so a slow answer is no answer.
const requestTimeout = 10 * time.Second

// Client talks to one API server as one user.
type Client struct {
	server string
	http   *http.Client
}

// StatusError is an answer of the server that is not a success.
type StatusError struct {
	Method, Path string
	Code         int
	Message      string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s %s: %d %s", e.Method, e.Path, e.Code, e.Message)
}

// Is reports whether the server answered with this HTTP status.
func Is(err error, code int) bool {
	var status *StatusError
	return errors.As(err, &status) && status.Code == code
}

// New makes a client from PEM: the server's authority, and the user's certificate and key.
func New(server string, authority, certificate, key []byte) (*Client, error) {
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("reading client certificate: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, errors.New("reading authority: no certificate in it")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}}
	return &Client{server: server, http: &http.Client{Transport: transport, Timeout: requestTimeout}}, nil
}

// Get reads a document into out, which may be nil.
func (c *Client) Get(ctx context.Context, path string, out any) error {
	return c.do(ctx, http.MethodGet, path, "", nil, out)
}

// Create posts a document to a collection.
func (c *Client) Create(ctx context.Context, path string, document any) error {
	return c.send(ctx, http.MethodPost, path, document)
}

// Replace puts a document in the place of another.
func (c *Client) Replace(ctx context.Context, path string, document any) error {
	return c.send(ctx, http.MethodPut, path, document)
}

// CreateYAML posts a document that is YAML already.
func (c *Client) CreateYAML(ctx context.Context, path string, document []byte) error {
	return c.do(ctx, http.MethodPost, path, "application/yaml", document, nil)
}

func (c *Client) send(ctx context.Context, method, path string, document any) error {
	body, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("encoding body of %s %s: %w", method, path, err)
	}
	return c.do(ctx, method, path, "application/json", body, nil)
}

func (c *Client) do(ctx context.Context, method, path, contentType string, body []byte, out any) error {
	request, err := http.NewRequestWithContext(ctx, method, c.server+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("preparing %s %s: %w", method, path, err)
	}
	request.Header.Set("Accept", "application/json")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("asking the API server: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("reading answer to %s %s: %w", method, path, err)
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return &StatusError{Method: method, Path: path, Code: response.StatusCode, Message: message(answer)}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("reading answer to %s %s: %w", method, path, err)
	}
	return nil
}

// message takes the sentence out of a Kubernetes Status; health endpoints answer with plain text instead.
func message(answer []byte) string {
	var status struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(answer, &status) == nil && status.Message != "" {
		return status.Message
	}
	return string(answer)
}
