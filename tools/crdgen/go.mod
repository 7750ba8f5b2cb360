module github.com/meshctl/meshctl/tools/crdgen

go 1.26.0

require (
	go.yaml.in/yaml/v3 v3.0.5
	istio.io/api v1.30.3-0.20260710004328-2e43f07b30b6
	sigs.k8s.io/gateway-api v1.5.1
)
