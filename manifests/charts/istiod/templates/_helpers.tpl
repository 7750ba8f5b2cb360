{{/* ---------- names ---------- */}}

{{/* The revision as a suffix of object names: "-canary", or nothing for the default revision. */}}
{{- define "istiod.suffix" -}}
{{- with .Values.revision }}-{{ . }}{{ end }}
{{- end }}

{{/* The revision as a label value. */}}
{{- define "istiod.revision" -}}
{{- .Values.revision | default "default" }}
{{- end }}

{{/* Name of the Deployment and of what goes with it. */}}
{{- define "istiod.name" -}}
istiod{{ include "istiod.suffix" . }}
{{- end }}

{{/* Suffix of cluster-wide names, which must differ between namespaces as well. */}}
{{- define "istiod.clusterSuffix" -}}
{{ include "istiod.suffix" . }}-{{ .Release.Namespace }}
{{- end }}

{{- define "istiod.meshNamespace" -}}
{{- (.Values.global).istioNamespace | default .Release.Namespace }}
{{- end }}

{{- define "istiod.platform" -}}
{{- (.Values.global).platform | default .Values.platform | default "" }}
{{- end }}

{{/* Service of an istiod in another cluster. The only name besides istiod's own that its certificate holds is istiod-remote. */}}
{{- define "istiod.remoteName" -}}
{{- if (.Values.istiodRemote).enabledLocalInjectorIstiod }}istiod-remote{{ else }}{{ include "istiod.name" . }}{{ end }}
{{- end }}

{{/* ---------- what to render: each is "true" or empty ---------- */}}

{{- define "istiod.rendersClusterObjects" -}}
{{- if ne (.Values.global).resourceScope "namespace" }}true{{ end }}
{{- end }}

{{- define "istiod.rendersNamespacedObjects" -}}
{{- if ne (.Values.global).resourceScope "cluster" }}true{{ end }}
{{- end }}

{{/* Does an istiod run in this cluster? */}}
{{- define "istiod.runsHere" -}}
{{- if or (not (.Values.istiodRemote).enabled) (.Values.istiodRemote).enabledLocalInjectorIstiod }}true{{ end }}
{{- end }}

{{/* Does an istiod, here or elsewhere, read and validate this cluster's mesh configuration? */}}
{{- define "istiod.ownsConfig" -}}
{{- if or (include "istiod.runsHere" .) (.Values.global).configCluster }}true{{ end }}
{{- end }}

{{/* Are there certainly two replicas, so that one can be spared? */}}
{{- define "istiod.isReplicated" -}}
{{- $pilot := .Values.pilot | default dict }}
{{- $replicas := ternary $pilot.autoscaleMin $pilot.replicaCount (eq $pilot.autoscaleEnabled true) }}
{{- if gt (int $replicas) 1 }}true{{ end }}
{{- end }}

{{/* Does istiod create workloads for Gateway API gateways? */}}
{{- define "istiod.createsGateways" -}}
{{- if ne (toString ((.Values.pilot).env).PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER) "false" }}true{{ end }}
{{- end }}

{{- define "istiod.usesClusterTrustBundle" -}}
{{- if eq (toString ((.Values.pilot).env).ENABLE_CLUSTER_TRUST_BUNDLE_API) "true" }}true{{ end }}
{{- end }}

{{/* ---------- labels ---------- */}}

{{- define "istiod.labels" -}}
app.kubernetes.io/name: istiod
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
operator.istio.io/component: Pilot
release: {{ .Release.Name }}
{{- end }}

{{/* Labels of objects that belong to one revision. */}}
{{- define "istiod.revisionLabels" -}}
{{ include "istiod.labels" . }}
istio.io/rev: {{ include "istiod.revision" . | quote }}
{{- end }}

{{/* Labels by which Services and budgets find this revision's pods. */}}
{{- define "istiod.podSelector" -}}
app: istiod
{{- if .Values.revision }}
istio.io/rev: {{ .Values.revision | quote }}
{{- else }}
istio: pilot
{{- end }}
{{- end }}

{{/* ---------- API groups ---------- */}}

{{/* Groups of mesh configuration, as a flow list. */}}
{{- define "istiod.configGroups" -}}
[
{{- range $i, $group := list "config" "security" "networking" "authentication" "rbac" "telemetry" "extensions" }}
{{- if $i }}, {{ end }}{{ $group }}.istio.io
{{- end -}}
]
{{- end }}

{{/* All kinds of mesh configuration. */}}
{{- define "istiod.configResources" -}}
- authorizationpolicies
- destinationrules
- envoyfilters
- gateways
- peerauthentications
- proxyconfigs
- requestauthentications
- serviceentries
- sidecars
- telemetries
- trafficextensions
- virtualservices
- wasmplugins
- workloadentries
- workloadgroups
{{- end }}

{{/* Group of ServiceExport and ServiceImport. */}}
{{- define "istiod.multiclusterGroup" -}}
{{- ((.Values.pilot).env).MCS_API_GROUP | default "multicluster.x-k8s.io" }}
{{- end }}

{{/* ---------- values as YAML ---------- */}}

{{/* A scalar as text: what a string says, true, 1000000 (never 1e+06). */}}
{{- define "istiod.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end }}
{{- end }}

{{/* Takes a list of maps; later ones win, null drops a key, and values become strings. For labels and annotations. */}}
{{- define "istiod.stringMap" -}}
{{- $out := dict }}
{{- range $map := . }}
  {{- range $key, $value := $map }}
    {{- if kindIs "invalid" $value }}
      {{- $_ := unset $out $key }}
    {{- else }}
      {{- $_ := set $out $key (include "istiod.text" $value) }}
    {{- end }}
  {{- end }}
{{- end }}
{{- toYaml $out }}
{{- end }}

{{/* Takes resources {requests, limits} and drops what is null. */}}
{{- define "istiod.resources" -}}
{{- $out := dict }}
{{- range $kind, $amounts := . }}
  {{- $kept := dict }}
  {{- range $name, $amount := $amounts }}
    {{- if not (kindIs "invalid" $amount) }}{{ $_ := set $kept $name $amount }}{{ end }}
  {{- end }}
  {{- if $kept }}{{ $_ := set $out $kind $kept }}{{ end }}
{{- end }}
{{- if $out }}{{ toYaml $out }}{{ end }}
{{- end }}

{{/* ---------- the istiod container ---------- */}}

{{- define "istiod.image" -}}
{{- $pilot := .Values.pilot | default dict }}
{{- $global := .Values.global | default dict }}
{{- $image := $pilot.image | default "pilot" }}
{{- if contains "/" $image }}
{{- $image }}
{{- else }}
{{- $hub := $pilot.hub | default $global.hub }}
{{- $tag := include "istiod.text" ($pilot.tag | default $global.tag) }}
{{- $variant := $pilot.variant | default $global.variant }}
{{- printf "%s/%s:%s" $hub $image $tag }}{{ with $variant }}-{{ . }}{{ end }}
{{- end }}
{{- end }}

{{/* What istiod is told through its environment. */}}
{{- define "istiod.builtinEnv" -}}
{{- $pilot := .Values.pilot | default dict }}
{{- $global := .Values.global | default dict }}
- name: REVISION
  value: {{ include "istiod.revision" . | quote }}
- name: PILOT_CERT_PROVIDER
  value: {{ $global.pilotCertProvider | default "istiod" | quote }}
- name: POD_NAME
  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.name}}
- name: POD_NAMESPACE
  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}
- name: SERVICE_ACCOUNT
  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: spec.serviceAccountName}}
- name: KUBECONFIG
  value: /var/run/secrets/remote/config
- name: CA_TRUSTED_NODE_ACCOUNTS
  value: {{ printf "%s/%s" ($pilot.trustedZtunnelNamespace | default .Release.Namespace) ($pilot.trustedZtunnelName | default "ztunnel") }}
{{- if not (kindIs "invalid" $pilot.traceSampling) }}
- name: PILOT_TRACE_SAMPLING
  value: {{ include "istiod.text" $pilot.traceSampling | quote }}
{{- end }}
{{- if ($pilot.taint).enabled }}
- name: PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS
  value: "true"
- name: PILOT_NODE_UNTAINT_CONTROLLERS_TAINT_NAME
  value: {{ $pilot.taint.name | default "cni.istio.io/not-ready" | quote }}
{{- end }}
{{- if $global.externalIstiod }}
- name: EXTERNAL_ISTIOD
  value: "true"
{{- end }}
{{- with $global.trustBundleName }}
- name: PILOT_CA_CERT_CONFIGMAP
  value: {{ . | quote }}
{{- end }}
{{- with $pilot.crlConfigMapName }}
- name: PILOT_CRL_CONFIGMAP
  value: {{ . | quote }}
{{- end }}
- name: PILOT_ENABLE_ANALYSIS
  value: {{ ($global.istiod).enableAnalysis | default false | quote }}
- name: CLUSTER_ID
  value: {{ ($global.multiCluster).clusterName | default "Kubernetes" | quote }}
- name: GOMAXPROCS
  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}
- name: PLATFORM
  value: {{ include "istiod.platform" . | quote }}
{{- end }}

{{/* The whole environment. What pilot.env names, it decides: a name must not occur twice. */}}
{{- define "istiod.env" -}}
{{- $pilot := .Values.pilot | default dict }}
{{- $own := $pilot.env | default dict }}
{{- $env := list }}
{{- range include "istiod.builtinEnv" . | fromYamlArray }}
  {{- if not (hasKey $own .name) }}{{ $env = append $env . }}{{ end }}
{{- end }}
{{- range $name, $value := $own }}
  {{- if not (kindIs "invalid" $value) }}{{ $env = append $env (dict "name" $name "value" (include "istiod.text" $value)) }}{{ end }}
{{- end }}
{{- toYaml (concat $env ($pilot.envVarFrom | default list)) }}
{{- end }}

{{/* ---------- files istiod reads ---------- */}}

{{/* The deprecated global.proxy.tracer as part of ProxyConfig. */}}
{{- define "istiod.tracing" -}}
{{- $tracer := (.Values.global).tracer | default dict }}
{{- $kind := ((.Values.global).proxy).tracer | default "none" }}
{{- $address := (get $tracer $kind | default dict).address }}
{{- if eq $kind "zipkin" }}
zipkin:
  address: {{ $address | default (printf "zipkin.%s:9411" (include "istiod.meshNamespace" .)) | quote }}
{{- else if eq $kind "datadog" }}
datadog:
  address: {{ $address | default "$(HOST_IP):8126" | quote }}
{{- else if eq $kind "lightstep" }}
lightstep:
  address: {{ $address | quote }}
  accessToken: {{ ($tracer.lightstep).accessToken | quote }}
{{- else if eq $kind "stackdriver" }}
stackdriver: {}
{{- end }}
{{- end }}

{{/* MeshConfig: what follows from other values, under what the user wrote as meshConfig. */}}
{{- define "istiod.meshConfig" -}}
{{- $global := .Values.global | default dict }}
{{- $telemetry := (.Values.telemetry).v2 | default dict }}
{{- $host := ternary (include "istiod.remoteName" .) (include "istiod.name" .) (not (empty $global.remotePilotAddress)) }}
{{- $proxy := dict "discoveryAddress" (printf "%s.%s.svc:15012" $host .Release.Namespace) }}
{{- with $global.meshID }}{{ $_ := set $proxy "meshId" . }}{{ end }}
{{- with coalesce ($global.proxy).variant $global.variant }}{{ $_ := set $proxy "image" (dict "imageType" .) }}{{ end }}
{{- with include "istiod.tracing" . | fromYaml }}{{ $_ := set $proxy "tracing" . }}{{ end }}
{{- $mesh := dict "trustDomain" "cluster.local" "rootNamespace" (include "istiod.meshNamespace" .) "defaultConfig" $proxy }}
{{- $providers := dict }}
{{- if and (.Values.telemetry).enabled $telemetry.enabled (not (.Values.meshConfig).defaultProviders) }}
  {{- $metrics := list }}
  {{- if ($telemetry.prometheus).enabled }}{{ $metrics = append $metrics "prometheus" }}{{ end }}
  {{- if ($telemetry.stackdriver).enabled }}
    {{- $metrics = append $metrics "stackdriver" }}
    {{- $_ := set $providers "accessLogging" (list "stackdriver") }}
  {{- end }}
  {{- with $metrics }}{{ $_ := set $providers "metrics" . }}{{ end }}
{{- end }}
{{- with $providers }}{{ $_ := set $mesh "defaultProviders" . }}{{ end }}
{{- range $field, $value := .Values.meshConfig | default dict | deepCopy }}
  {{- if kindIs "map" $value }}
    {{- $_ := set $mesh $field (mergeOverwrite (get $mesh $field | default dict) $value) }}
  {{- else if not (kindIs "invalid" $value) }}
    {{- $_ := set $mesh $field $value }}
  {{- end }}
{{- end }}
{{- toYaml $mesh }}
{{- end }}

{{/* How to inject: policy and templates. Templates are text for istiod to run; nothing in them is evaluated here. */}}
{{- define "istiod.injectionConfig" -}}
{{- $webhook := .Values.sidecarInjectorWebhook | default dict }}
{{- $templates := dict }}
{{- range $path, $_ := .Files.Glob "files/injection/*.yaml" }}
  {{- $_ := set $templates (base $path | trimSuffix ".yaml") ($.Files.Get $path) }}
{{- end }}
{{- range $name, $text := $webhook.templates }}
  {{- $_ := set $templates $name $text }}
{{- end }}
{{- toYaml (dict
  "policy" (((.Values.global).proxy).autoInject | default "enabled")
  "alwaysInjectSelector" ($webhook.alwaysInjectSelector | default list)
  "neverInjectSelector" ($webhook.neverInjectSelector | default list)
  "injectedAnnotations" ($webhook.injectedAnnotations | default dict)
  "defaultTemplates" ($webhook.defaultTemplates | default list)
  "templates" $templates) }}
{{- end }}

{{/* The part of the values that injection templates can see. How the CNI agent itself runs is not. */}}
{{- define "istiod.injectionValues" -}}
{{- $pilot := .Values.pilot | default dict }}
{{- $gateways := .Values.gateways | default dict }}
{{- $cni := omit (.Values.cni | default dict | deepCopy) "seLinuxOptions" }}
{{- with $cni.ambient }}{{ $_ := set $cni "ambient" (omit . "shareHostNetworkNamespace") }}{{ end }}
{{- $cni = mergeOverwrite (dict "enabled" false "provider" "default") $cni (deepCopy ($pilot.cni | default dict)) }}
{{- toPrettyJson (dict
  "global" .Values.global
  "revision" (.Values.revision | default "")
  "sidecarInjectorWebhook" .Values.sidecarInjectorWebhook
  "gateways" (pick $gateways "securityContext" "seccompProfile")
  "pilot" (dict "cni" $cni "env" ($pilot.env | default dict))) }}
{{- end }}

{{/* ---------- injection webhooks ---------- */}}

{{/*
Who is injected by which webhook. Takes `revision`, the label value to answer to; `unlabelled`, whether namespaces and pods that
name no revision come here too; `byDefault`, whether that includes those that say nothing at all.
No pair of namespace and pod labels may match two webhooks.
*/}}
{{- define "istiod.injectionScopes" -}}
- name: rev.namespace.sidecar-injector.istio.io
  namespaceSelector:
    matchExpressions:
    - {key: istio.io/rev, operator: In, values: [{{ .revision | quote }}]}
    - {key: istio-injection, operator: DoesNotExist}
  objectSelector:
    matchExpressions:
    - {key: sidecar.istio.io/inject, operator: NotIn, values: ["false"]}
- name: rev.object.sidecar-injector.istio.io
  namespaceSelector:
    matchExpressions:
    - {key: istio.io/rev, operator: DoesNotExist}
    - {key: istio-injection, operator: DoesNotExist}
  objectSelector:
    matchExpressions:
    - {key: sidecar.istio.io/inject, operator: NotIn, values: ["false"]}
    - {key: istio.io/rev, operator: In, values: [{{ .revision | quote }}]}
{{- if .unlabelled }}
- name: namespace.sidecar-injector.istio.io
  namespaceSelector:
    matchExpressions:
    - {key: istio-injection, operator: In, values: [enabled]}
  objectSelector:
    matchExpressions:
    - {key: sidecar.istio.io/inject, operator: NotIn, values: ["false"]}
- name: object.sidecar-injector.istio.io
  namespaceSelector:
    matchExpressions:
    - {key: istio-injection, operator: DoesNotExist}
    - {key: istio.io/rev, operator: DoesNotExist}
  objectSelector:
    matchExpressions:
    - {key: sidecar.istio.io/inject, operator: In, values: ["true"]}
    - {key: istio.io/rev, operator: DoesNotExist}
{{- if .byDefault }}
- name: auto.sidecar-injector.istio.io
  namespaceSelector:
    matchExpressions:
    - {key: istio-injection, operator: DoesNotExist}
    - {key: istio.io/rev, operator: DoesNotExist}
    - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, kube-public, kube-node-lease, local-path-storage]}
  objectSelector:
    matchExpressions:
    - {key: sidecar.istio.io/inject, operator: DoesNotExist}
    - {key: istio.io/rev, operator: DoesNotExist}
{{- end }}
{{- end }}
{{- end }}

{{/* What all injection webhooks of this istiod have in common. */}}
{{- define "istiod.injectionWebhook" -}}
{{- $remote := .Values.istiodRemote | default dict }}
clientConfig:
{{- if $remote.injectionURL }}
  url: {{ $remote.injectionURL | quote }}
{{- else }}
  service:
    name: {{ include "istiod.name" . }}
    namespace: {{ .Release.Namespace }}
    path: {{ $remote.injectionPath | default "/inject" | quote }}
    port: 443
{{- end }}
{{- with $remote.injectionCABundle }}
  caBundle: {{ . | quote }}
{{- end }}
rules:
- {operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [pods]}
sideEffects: None
failurePolicy: Fail
reinvocationPolicy: {{ (.Values.sidecarInjectorWebhook).reinvocationPolicy | default "Never" }}
admissionReviewVersions: [v1]
{{- end }}

{{/* Takes `chart` (the root) and what istiod.injectionScopes needs. */}}
{{- define "istiod.injectionWebhooks" -}}
{{- $common := include "istiod.injectionWebhook" .chart | fromYaml }}
{{- $webhooks := list }}
{{- range include "istiod.injectionScopes" . | fromYamlArray }}
  {{- $webhooks = append $webhooks (merge . $common) }}
{{- end }}
{{- toYaml $webhooks }}
{{- end }}

{{/* Injection webhook configurations are named per namespace too, except in istio-system. */}}
{{- define "istiod.webhookSuffix" -}}
{{- if ne .Release.Namespace "istio-system" }}-{{ .Release.Namespace }}{{ end }}
{{- end }}

{{/* Takes the map that says which address families a Service is to have. */}}
{{- define "istiod.serviceFamilies" -}}
{{- with .ipFamilyPolicy }}
ipFamilyPolicy: {{ . }}
{{- end }}
{{- with .ipFamilies }}
ipFamilies: {{ toJson . }}
{{- end }}
{{- end }}

{{/* Where istiod listens, as a Service offers it. */}}
{{- define "istiod.servicePorts" -}}
- {name: grpc-xds, port: 15010, protocol: TCP}
- {name: https-dns, port: 15012, protocol: TCP}
- {name: https-webhook, port: 443, targetPort: 15017, protocol: TCP}
- {name: http-monitoring, port: 15014, protocol: TCP}
{{- end }}
