// Package egress is the way of the API server to what it takes for the cluster's network: a proxy that lets
// it reach this machine and nothing else. The addresses of services and pods are made up; without the proxy
// the API server would look for them in whatever network the machine is part of, and wait, or meet somebody.
package egress

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Proxy answers CONNECT requests on loopback.
type Proxy struct {
	listener net.Listener
	server   *http.Server
}

// Start starts a proxy on a port of its own choice, with a certificate for it (PEM): the API server crashes
// when it is told of a proxy that speaks plain HTTP.
func Start(certificate, key []byte) (*Proxy, error) {
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("reading certificate of the egress proxy: %w", err)
	}
	// Not ServeTLS: it would offer HTTP/2, where a connection cannot be taken over.
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		return nil, fmt.Errorf("starting egress proxy: %w", err)
	}
	p := &Proxy{listener: listener, server: &http.Server{
		Handler:           http.HandlerFunc(connect),
		ReadHeaderTimeout: 10 * time.Second,
	}}
	go func() { _ = p.server.Serve(listener) }() // ends with Close
	return p, nil
}

// URL is where the proxy listens.
func (p *Proxy) URL() string { return "https://" + p.listener.Addr().String() }

// Close stops the proxy. Connections that it has made end with the processes at their ends.
func (p *Proxy) Close() error { return p.server.Close() }

func connect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		http.Error(w, "only CONNECT", http.StatusMethodNotAllowed)
		return
	}
	target, err := dial(r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	client, err := accept(w)
	if err != nil {
		_ = target.Close()
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	go pipe(client, target)
	go pipe(target, client)
}

func dial(address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("reading address: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("no route to %s: the lab has no pod network", address)
	}
	return net.DialTimeout("tcp", address, 5*time.Second)
}

// accept takes the connection over from the HTTP server and tells the client that it may speak.
func accept(w http.ResponseWriter) (net.Conn, error) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return nil, errors.New("taking over the connection: not HTTP/1")
	}
	// Nothing is in the buffer: a client says nothing before it has the answer.
	connection, _, err := hijacker.Hijack()
	if err != nil {
		return nil, fmt.Errorf("taking over the connection: %w", err)
	}
	if _, err := io.WriteString(connection, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_ = connection.Close()
		return nil, fmt.Errorf("answering: %w", err)
	}
	return connection, nil
}

// pipe copies one direction and then ends only that one: the other side may still have something to say.
func pipe(to, from net.Conn) {
	_, err := io.Copy(to, from)
	half, ok := to.(interface{ CloseWrite() error })
	if err != nil || !ok {
		_ = to.Close()
		_ = from.Close()
		return
	}
	_ = half.CloseWrite()
}
