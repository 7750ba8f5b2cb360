package profiles

import (
	"reflect"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// k8sFields is what spec.components.*.k8s accepts.
func k8sFields() fieldTable {
	return fieldTable{
		"affinity":            like[corev1.Affinity]().says("Affinity of its pods"),
		"env":                 like[[]corev1.EnvVar]().says("Environment variables of its container; merged by name"),
		"hpaSpec":             like[autoscalingv2.HorizontalPodAutoscalerSpec]().says("Spec of its autoscaler"),
		"imagePullPolicy":     pullPolicy().says("When nodes pull its image"),
		"nodeSelector":        mapOf(is(text)).says("Node labels that its pods ask for"),
		"overlays":            listOf(objectOf(overlayTable())).says("Changes to single fields of its objects"),
		"podAnnotations":      mapOf(is(text)).says("Annotations of its pods"),
		"podDisruptionBudget": like[policyv1.PodDisruptionBudgetSpec]().says("Spec of its PodDisruptionBudget"),
		"priorityClassName":   is(text).says("Priority class of its pods"),
		"readinessProbe":      like[corev1.Probe]().says("Readiness probe of its container"),
		"replicaCount":        (&schema{shape: integer, check: isCount}).says("Replicas"),
		"resources":           like[corev1.ResourceRequirements]().says("Resources of its container"),
		"securityContext":     like[corev1.PodSecurityContext]().says("Security context of its pods"),
		"service":             like[corev1.ServiceSpec]().says("Spec of its Service; the ports of a gateway replace those of its chart"),
		"serviceAnnotations":  mapOf(is(text)).says("Annotations of its Service"),
		"strategy":            like[appsv1.DeploymentStrategy]().says("How its pods are replaced"),
		"tolerations":         like[[]corev1.Toleration]().says("Tolerations of its pods"),
		"volumeMounts":        like[[]corev1.VolumeMount]().says("More mounts in its container; merged by path"),
		"volumes":             like[[]corev1.Volume]().says("More volumes of its pods; merged by name"),
	}
}

func overlayTable() fieldTable {
	return fieldTable{
		"apiVersion": is(text).says("API version of the object; kind and name say enough"),
		"kind":       is(text).says("Kind of the object"),
		"name":       is(text).says("Name of the object"),
		"patches": listOf(objectOf(fieldTable{
			"path":  is(text).says("Field: `spec.template.spec.containers.[name:discovery].args.[0]`; `[-1]` adds an element"),
			"value": is(anything).says("What to put there; without it the field is removed"),
		})),
	}
}

func pullPolicy() *schema { return oneOf("", "Always", "IfNotPresent", "Never") }

// like is the schema of a Go type's JSON form.
func like[T any]() *schema {
	t := reflect.TypeFor[T]()
	found := schemaOf(t)
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	found.foreign = t.Name()
	return found
}

func schemaOf(t reflect.Type) *schema {
	switch t {
	case reflect.TypeFor[resource.Quantity]():
		return &schema{shape: word, check: isQuantity}
	case reflect.TypeFor[intstr.IntOrString]():
		return is(word)
	case reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.Duration](), reflect.TypeFor[[]byte]():
		return is(text)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Struct:
		// Lazy: some of these types contain themselves, and few are needed.
		return lazy(func() fieldTable { return structFields(t) })
	case reflect.Map:
		return mapOf(schemaOf(t.Elem()))
	case reflect.Slice:
		return listOf(schemaOf(t.Elem()))
	case reflect.Bool:
		return is(boolean)
	case reflect.String:
		return is(text)
	case reflect.Float32, reflect.Float64:
		return is(decimal)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return is(integer)
	default:
		return is(anything)
	}
}

func structFields(t reflect.Type) fieldTable {
	fields := fieldTable{}
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case name == "" && field.Anonymous:
			fields = fields.and(structFields(field.Type))
		case name != "" && field.IsExported():
			fields[name] = schemaOf(field.Type)
		}
	}
	return fields
}
