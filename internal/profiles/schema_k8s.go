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
		"affinity":            like[corev1.Affinity](),
		"env":                 like[[]corev1.EnvVar](),
		"hpaSpec":             like[autoscalingv2.HorizontalPodAutoscalerSpec](),
		"imagePullPolicy":     pullPolicy(),
		"nodeSelector":        mapOf(is(text)),
		"overlays":            listOf(objectOf(overlayTable())),
		"podAnnotations":      mapOf(is(text)),
		"podDisruptionBudget": like[policyv1.PodDisruptionBudgetSpec](),
		"priorityClassName":   is(text),
		"readinessProbe":      like[corev1.Probe](),
		"replicaCount":        {shape: integer, check: isCount},
		"resources":           like[corev1.ResourceRequirements](),
		"securityContext":     like[corev1.PodSecurityContext](),
		"service":             like[corev1.ServiceSpec](),
		"serviceAnnotations":  mapOf(is(text)),
		"strategy":            like[appsv1.DeploymentStrategy](),
		"tolerations":         like[[]corev1.Toleration](),
		"volumeMounts":        like[[]corev1.VolumeMount](),
		"volumes":             like[[]corev1.Volume](),
	}
}

func overlayTable() fieldTable {
	return fieldTable{
		"apiVersion": is(text),
		"kind":       is(text),
		"name":       is(text),
		"patches":    listOf(objectOf(fieldTable{"path": is(text), "value": is(anything)})),
	}
}

func pullPolicy() *schema { return oneOf("", "Always", "IfNotPresent", "Never") }

// like is the schema of a Go type's JSON form.
func like[T any]() *schema { return schemaOf(reflect.TypeFor[T]()) }

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
	for i := range t.NumField() {
		field := t.Field(i)
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
