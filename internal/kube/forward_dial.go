package kube

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
	streamhttp "k8s.io/streaming/pkg/httpstream"

	"github.com/meshctl/meshctl/internal/object"
)

// dig opens a connection to a pod that carries any number of streams, within
// the request timeout.
func (c *Cluster) dig(ctx context.Context, pod object.Ref) (tunnel streamhttp.Connection, err error) {
	dialer, err := c.dialer(pod)
	if err != nil {
		return nil, err
	}
	err = c.do(ctx, func(ctx context.Context) (err error) {
		tunnel, err = dial(ctx, dialer)
		return err
	})
	return tunnel, err
}

func (c *Cluster) dialer(pod object.Ref) (streamhttp.Dialer, error) {
	url := c.discovery.RESTClient().Post().AbsPath("/api/v1").
		Namespace(pod.Namespace).Resource("pods").Name(pod.Name).SubResource("portforward").URL()
	websocket, err := portforward.NewSPDYOverWebsocketDialerForStreaming(url, c.config)
	if err != nil {
		return nil, err
	}
	transport, upgrader, err := spdy.RoundTripperFor(c.config)
	if err != nil {
		return nil, err
	}
	return twoDialers{
		websocket: websocket,
		spdy:      spdy.NewDialerForStreaming(upgrader, &http.Client{Transport: transport}, http.MethodPost, url),
	}, nil
}

// twoDialers speak websocket first, and SPDY to servers and through proxies that
// do not let that pass. A refusal too is tried a second time: older roles allow
// only what SPDY takes. client-go has such a pair, but its error is the one of
// SPDY, in which the server's answer is no more than a text.
type twoDialers struct {
	websocket, spdy streamhttp.Dialer
}

// Dial implements streamhttp.Dialer.
func (d twoDialers) Dial(protocols ...string) (streamhttp.Connection, string, error) {
	tunnel, protocol, err := d.websocket.Dial(protocols...)
	if !streamhttp.IsUpgradeFailure(err) && !streamhttp.IsHTTPSProxyError(err) {
		return tunnel, protocol, err
	}
	tunnel, protocol, otherwise := d.spdy.Dial(protocols...)
	var failure *streamhttp.UpgradeFailureError
	if otherwise != nil && errors.As(err, &failure) && statusOf(failure.Cause) != nil {
		otherwise = failure.Cause
	}
	return tunnel, protocol, otherwise
}

// dial gives up when the context ends. client-go's dialers know no context, so
// what one still brings after that is thrown away.
func dial(ctx context.Context, dialer streamhttp.Dialer) (streamhttp.Connection, error) {
	type answer struct {
		tunnel   streamhttp.Connection
		protocol string
		err      error
	}
	answers := make(chan answer, 1)
	go func() {
		tunnel, protocol, err := dialer.Dial(portforward.PortForwardProtocolV1Name)
		answers <- answer{tunnel, protocol, err}
	}()
	select {
	case <-ctx.Done():
		go func() {
			if late := <-answers; late.err == nil {
				_ = late.tunnel.Close()
			}
		}()
		return nil, ctx.Err()
	case came := <-answers:
		if came.err == nil && came.protocol != portforward.PortForwardProtocolV1Name {
			_ = came.tunnel.Close()
			return nil, fmt.Errorf("the server wants to speak %q instead of %q", came.protocol, portforward.PortForwardProtocolV1Name)
		}
		return came.tunnel, came.err
	}
}
