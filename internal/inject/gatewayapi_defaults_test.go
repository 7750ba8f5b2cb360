package inject_test

import (
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// setDefaults does to an object what an API server does that stores it: all of
// it, as far as our templates leave room. A real one confirms this list in
// TestGatewayAPI_APIServersTakeWorkloads.
func setDefaults(o any) {
	switch o := o.(type) {
	case *appsv1.Deployment:
		quarter := intstr.FromString("25%")
		setDefault(&o.Spec.Replicas, new(int32(1)))
		setDefault(&o.Spec.RevisionHistoryLimit, new(int32(10)))
		setDefault(&o.Spec.ProgressDeadlineSeconds, new(int32(600)))
		setDefault(&o.Spec.Strategy.Type, appsv1.RollingUpdateDeploymentStrategyType)
		setDefault(&o.Spec.Strategy.RollingUpdate, &appsv1.RollingUpdateDeployment{MaxSurge: &quarter, MaxUnavailable: &quarter})
		setPodDefaults(&o.Spec.Template.Spec)
	case *corev1.Service:
		setDefault(&o.Spec.SessionAffinity, corev1.ServiceAffinityNone)
		setDefault(&o.Spec.InternalTrafficPolicy, new(corev1.ServiceInternalTrafficPolicyCluster))
		if o.Spec.Type == corev1.ServiceTypeLoadBalancer {
			setDefault(&o.Spec.AllocateLoadBalancerNodePorts, new(true))
			setDefault(&o.Spec.ExternalTrafficPolicy, corev1.ServiceExternalTrafficPolicyCluster)
		}
		if o.Spec.IPFamilies == nil {
			o.Spec.IPFamilies = []corev1.IPFamily{corev1.IPv4Protocol}
		}
		for i := range o.Spec.Ports {
			setDefault(&o.Spec.Ports[i].TargetPort, intstr.FromInt32(o.Spec.Ports[i].Port))
		}
	case *autoscalingv2.HorizontalPodAutoscaler:
		setDefault(&o.Spec.MinReplicas, new(int32(1)))
		if o.Spec.Metrics == nil {
			o.Spec.Metrics = []autoscalingv2.MetricSpec{{
				Type: autoscalingv2.ResourceMetricSourceType,
				Resource: &autoscalingv2.ResourceMetricSource{
					Name:   corev1.ResourceCPU,
					Target: autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: new(int32(80))},
				},
			}}
		}
	}
}

func setPodDefaults(pod *corev1.PodSpec) {
	setDefault(&pod.DNSPolicy, corev1.DNSClusterFirst)
	setDefault(&pod.RestartPolicy, corev1.RestartPolicyAlways)
	setDefault(&pod.SchedulerName, corev1.DefaultSchedulerName)
	setDefault(&pod.SecurityContext, &corev1.PodSecurityContext{})
	setDefault(&pod.TerminationGracePeriodSeconds, new(int64(30)))
	setDefault(&pod.DeprecatedServiceAccount, pod.ServiceAccountName)
	for i := range pod.Containers {
		setContainerDefaults(&pod.Containers[i])
	}
	for i := range pod.Volumes {
		volume := &pod.Volumes[i]
		if fields := volume.DownwardAPI; fields != nil {
			setDefault(&fields.DefaultMode, new(int32(0o644)))
			for j := range fields.Items {
				setDefault(&fields.Items[j].FieldRef.APIVersion, "v1")
			}
		}
		if projected := volume.Projected; projected != nil {
			setDefault(&projected.DefaultMode, new(int32(0o644)))
		}
		if configMap := volume.ConfigMap; configMap != nil {
			setDefault(&configMap.DefaultMode, new(int32(0o644)))
		}
	}
}

func setContainerDefaults(c *corev1.Container) {
	// Always is for tags named latest, which no test has.
	setDefault(&c.ImagePullPolicy, corev1.PullIfNotPresent)
	setDefault(&c.TerminationMessagePath, corev1.TerminationMessagePathDefault)
	setDefault(&c.TerminationMessagePolicy, corev1.TerminationMessageReadFile)
	for i := range c.Env {
		if from := c.Env[i].ValueFrom; from != nil && from.FieldRef != nil {
			setDefault(&from.FieldRef.APIVersion, "v1")
		}
	}
	for _, probe := range []*corev1.Probe{c.StartupProbe, c.ReadinessProbe} {
		if probe == nil {
			continue
		}
		setDefault(&probe.SuccessThreshold, 1)
		if probe.HTTPGet != nil {
			setDefault(&probe.HTTPGet.Scheme, corev1.URISchemeHTTP)
		}
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
