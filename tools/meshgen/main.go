// Command meshgen writes the objects of a made-up mesh, to measure analysis
// with: so many namespaces of 73 objects each.
//
//	go run ./tools/meshgen 1000 > mesh.yaml
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "meshgen:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: meshgen NAMESPACES")
	}
	namespaces, err := strconv.Atoi(args[0])
	if err != nil || namespaces < 1 {
		return fmt.Errorf("%q is no number of namespaces", args[0])
	}
	w := bufio.NewWriter(out)
	for i := range namespaces {
		fmt.Fprintf(w, space, i)
		for service := range 10 {
			fmt.Fprintf(w, serving, i, service)
			for version := 1; version <= 2; version++ {
				fmt.Fprintf(w, running, i, service, version)
			}
		}
	}
	return w.Flush()
}

const space = `---
apiVersion: v1
kind: Namespace
metadata:
  name: ns-%[1]d
  labels:
    istio-injection: enabled
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: gateway
  namespace: ns-%[1]d
spec:
  selector:
    app: svc-0
  servers:
    - port:
        number: 8080
        name: http
        protocol: HTTP
      hosts:
        - "ns-%[1]d.example.com"
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: callers
  namespace: ns-%[1]d
spec:
  selector:
    matchLabels:
      app: svc-0
  action: ALLOW
  rules:
    - from:
        - source:
            namespaces: ["ns-%[1]d"]
      to:
        - operation:
            methods: ["GET", "POST"]
`

const serving = `---
apiVersion: v1
kind: Service
metadata:
  name: svc-%[2]d
  namespace: ns-%[1]d
  labels:
    app: svc-%[2]d
spec:
  selector:
    app: svc-%[2]d
  ports:
    - name: http-web
      port: 8080
      targetPort: 8080
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: svc-%[2]d
  namespace: ns-%[1]d
spec:
  host: svc-%[2]d
  trafficPolicy:
    loadBalancer:
      simple: LEAST_REQUEST
    connectionPool:
      http:
        http2MaxRequests: 1000
        maxRequestsPerConnection: 10
  subsets:
    - name: v1
      labels:
        version: v1
    - name: v2
      labels:
        version: v2
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: svc-%[2]d
  namespace: ns-%[1]d
spec:
  hosts:
    - svc-%[2]d
  http:
    - match:
        - headers:
            x-canary:
              exact: "true"
      route:
        - destination:
            host: svc-%[2]d
            subset: v2
            port:
              number: 8080
    - timeout: 5s
      retries:
        attempts: 2
        perTryTimeout: 2s
      route:
        - destination:
            host: svc-%[2]d
            subset: v1
          weight: 90
        - destination:
            host: svc-%[2]d
            subset: v2
          weight: 10
`

const running = `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: svc-%[2]d-v%[3]d
  namespace: ns-%[1]d
  labels:
    app: svc-%[2]d
    version: v%[3]d
spec:
  replicas: 2
  selector:
    matchLabels:
      app: svc-%[2]d
      version: v%[3]d
  template:
    metadata:
      labels:
        app: svc-%[2]d
        version: v%[3]d
    spec:
      serviceAccountName: svc-%[2]d
      containers:
        - name: app
          image: registry.example.com/ns-%[1]d/svc-%[2]d:1.%[3]d
          ports:
            - containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
          readinessProbe:
            httpGet:
              path: /ready
              port: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: svc-%[2]d-v%[3]d-5d9c7b6f4-abcde
  namespace: ns-%[1]d
  labels:
    app: svc-%[2]d
    version: v%[3]d
    pod-template-hash: 5d9c7b6f4
  ownerReferences:
    - apiVersion: apps/v1
      kind: ReplicaSet
      name: svc-%[2]d-v%[3]d-5d9c7b6f4
      uid: 8c7b0a3e-0000-4000-8000-000000000000
      controller: true
spec:
  serviceAccountName: svc-%[2]d
  containers:
    - name: app
      image: registry.example.com/ns-%[1]d/svc-%[2]d:1.%[3]d
      ports:
        - containerPort: 8080
    - name: istio-proxy
      image: registry.istio.io/release/proxyv2:1.30.3
status:
  phase: Running
  podIP: 10.0.%[2]d.%[3]d
`
