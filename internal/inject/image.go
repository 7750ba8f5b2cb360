package inject

import (
	"fmt"
	"strings"

	meshconfig "istio.io/api/mesh/v1alpha1"
)

const (
	imageTypeAnnotation = "sidecar.istio.io/proxyImageType"
	plainImage          = "default"
)

// proxyImage is the image of the proxy. There are images with and without a
// shell; the type, the nearest that is set, becomes a suffix of the tag.
func (v typedValues) proxyImage(proxy *meshconfig.ProxyConfig, annotations map[string]string) string {
	global := v.Global
	name := global.Proxy.Image
	if name == "" {
		name = "proxyv2"
	}
	kind := global.Variant
	if image := proxy.GetImage(); image != nil {
		kind = image.GetImageType()
	}
	if own, ok := annotations[imageTypeAnnotation]; ok {
		kind = own
	}
	tag := fmt.Sprint(global.Tag)
	if kind != "" {
		for _, known := range []string{"-distroless", "-debug"} {
			tag = strings.TrimSuffix(tag, known)
		}
		if kind != plainImage {
			tag += "-" + kind
		}
	}
	return fmt.Sprintf("%v/%s:%s", global.Hub, name, tag)
}
