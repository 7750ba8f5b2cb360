package series

const bothSides, fromSource, fromDestination, fromWaypoint = "both", "source", "destination", "waypoint"

// web is an edge of HTTP or gRPC. Rates follow the codes of ok.
func web(from, to Workload, service, protocol, seenBy string, latency Histogram, responses ...Response) Edge {
	return Edge{
		From: from, To: to, Service: service, Protocol: protocol, Reporters: reporters(seenBy),
		Responses: responses, Latency: latency, Request: small(), Response: large(),
	}
}

func reporters(seenBy string) []string {
	if seenBy == bothSides {
		return []string{fromSource, fromDestination}
	}
	return []string{seenBy}
}

func ok(rate float64) Response { return Response{Code: 200, Rate: rate} }

// code is an answer other than 200. Code 0 is none: the client went away first.
func code(code int, flags string, rate float64) Response {
	return Response{Code: code, Flags: flags, Rate: rate}
}

// grpc answers 200 whatever the status.
func grpc(status string, rate float64) Response {
	return Response{Code: 200, GRPC: status, Rate: rate}
}

func bookinfo(w []Workload) []Edge {
	const productpage, reviews, ratings = "productpage.bookinfo.svc.cluster.local", "reviews.bookinfo.svc.cluster.local", "ratings.bookinfo.svc.cluster.local"
	page, v2, v3 := named(w, "productpage-v1"), named(w, "reviews-v2"), named(w, "reviews-v3")
	rating, mongo := named(w, "ratings-v1"), named(w, "mongodb-v1")

	stranger := web(Workload{}, page, productpage, "http", fromDestination, fair(), ok(1))
	stranger.Plaintext = true
	outside := web(page, Workload{}, "httpbin.org", "http", fromSource, slow(), ok(0.5))
	outside.Plaintext = true
	return []Edge{
		web(named(w, "istio-ingressgateway"), page, productpage, "http", bothSides, slow(), ok(19.6), code(404, "", 0.2), code(500, "", 0.2)),
		stranger,
		web(page, named(w, "details-v1"), "details.bookinfo.svc.cluster.local", "http", bothSides, fast(), ok(20)),
		web(page, named(w, "reviews-v1"), reviews, "http", bothSides, fast(), ok(10)),
		web(page, v2, reviews, "http", bothSides, fair(), ok(6)),
		web(page, v3, reviews, "http", bothSides, slow(), ok(3.8), code(503, "UC", 0.2)),
		web(v2, rating, ratings, "http", bothSides, fast(), ok(6)),
		web(v3, rating, ratings, "http", bothSides, fast(), ok(3.9), code(500, "", 0.1)),
		outside,
		{
			From: rating, To: mongo, Service: "mongodb.bookinfo.svc.cluster.local", Protocol: "tcp", Reporters: reporters(bothSides),
			Sent: 8192, Received: 2048, Opened: 0.5,
		},
	}
}

func shop(w []Workload) []Edge {
	front, checkout := named(w, "frontend"), named(w, "checkout")
	return []Edge{
		web(named(w, "istio-ingressgateway"), front, "frontend.shop.svc.cluster.local", "http", bothSides, fair(), ok(9.9), code(0, "DC", 0.1)),
		web(front, checkout, "checkout.shop.svc.cluster.local", "grpc", bothSides, fair(), grpc("0", 7.6), grpc("5", 0.2), grpc("14", 0.2)),
		web(checkout, named(w, "payment"), "payment.shop.svc.cluster.local", "grpc", bothSides, fast(), grpc("0", 4)),
	}
}

// ambient has each request three times: as HTTP at the waypoint, and as bytes on the way to it and from it.
func ambient(w []Workload) []Edge {
	const httpbin, echo = "httpbin.ambient.svc.cluster.local", "tcp-echo.ambient.svc.cluster.local"
	curl, waypoint := named(w, "curl"), named(w, "waypoint")
	stranger := bytes(Workload{}, named(w, "tcp-echo"), echo, fromDestination, 128, 128, 0.2)
	stranger.Plaintext = true
	return []Edge{
		web(curl, named(w, "httpbin"), httpbin, "http", fromWaypoint, fair(), ok(4.75), code(503, "UH", 0.25)),
		hop(bytes(curl, waypoint, httpbin, bothSides, 10240, 2560, 1)),
		hop(bytes(waypoint, named(w, "httpbin"), httpbin, fromDestination, 10240, 2560, 1)),
		bytes(curl, named(w, "tcp-echo"), echo, bothSides, 4096, 4096, 2),
		stranger,
	}
}

// bytes is an edge that ztunnels see.
func bytes(from, to Workload, service, seenBy string, sent, received, opened float64) Edge {
	return Edge{
		From: from, To: to, Service: service, Protocol: "tcp", Reporters: reporters(seenBy), Ztunnel: true,
		Sent: sent, Received: received, Opened: opened,
	}
}

func hop(e Edge) Edge {
	e.Hop = true
	return e
}
