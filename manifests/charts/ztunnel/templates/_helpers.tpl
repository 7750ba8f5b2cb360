{{/* ---------- names ---------- */}}

{{- define "ztunnel.name" -}}
{{- (.Values.ztunnel).resourceName | default "ztunnel" }}
{{- end }}

{{- define "ztunnel.revision" -}}
{{- (.Values.ztunnel).revision | default .Values.revision }}
{{- end }}

{{- define "ztunnel.istiod" -}}
{{- $namespace := coalesce (.Values.ztunnel).istioNamespace (.Values.global).istioNamespace .Release.Namespace }}
{{- printf "istiod%s.%s.svc:15012" (include "ztunnel.revision" . | empty | ternary "" (printf "-%s" (include "ztunnel.revision" .))) $namespace }}
{{- end }}

{{/* ---------- what to render: each is "true" or empty ---------- */}}

{{- define "ztunnel.resourceScope" -}}
{{- coalesce (.Values.ztunnel).resourceScope (.Values.global).resourceScope "all" }}
{{- end }}

{{- define "ztunnel.rendersClusterObjects" -}}
{{- if ne (include "ztunnel.resourceScope" .) "namespace" }}true{{ end }}
{{- end }}

{{- define "ztunnel.rendersNamespacedObjects" -}}
{{- if ne (include "ztunnel.resourceScope" .) "cluster" }}true{{ end }}
{{- end }}

{{- define "ztunnel.isOpenShift" -}}
{{- if eq (coalesce (.Values.ztunnel).platform (.Values.global).platform .Values.platform "none") "openshift" }}true{{ end }}
{{- end }}

{{/* ---------- labels ---------- */}}

{{- define "ztunnel.commonLabels" -}}
app.kubernetes.io/name: ztunnel
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{/* Labels and annotations of every object. Takes `chart` (the root) and `labels`, further ones. */}}
{{- define "ztunnel.metadata" -}}
{{- $ztunnel := .chart.Values.ztunnel | default dict }}
{{- $own := dict "operator.istio.io/component" "Ztunnel" }}
labels:
  {{- include "ztunnel.stringMap" (list (include "ztunnel.commonLabels" .chart | fromYaml) $own .labels $ztunnel.labels) | nindent 2 }}
{{- with $ztunnel.annotations }}
annotations:
  {{- include "ztunnel.stringMap" (list .) | nindent 2 }}
{{- end }}
{{- end }}

{{/* ---------- values as YAML ---------- */}}

{{/* A scalar as text: what a string says, true, 1000000 (never 1e+06). */}}
{{- define "ztunnel.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end }}
{{- end }}

{{/* Takes a list of maps; later ones win, null drops a key, and values become strings. For labels and annotations. */}}
{{- define "ztunnel.stringMap" -}}
{{- $out := dict }}
{{- range $map := . }}
  {{- range $key, $value := $map }}
    {{- if kindIs "invalid" $value }}
      {{- $_ := unset $out $key }}
    {{- else }}
      {{- $_ := set $out $key (include "ztunnel.text" $value) }}
    {{- end }}
  {{- end }}
{{- end }}
{{- toYaml $out }}
{{- end }}

{{/* ---------- the proxy container ---------- */}}

{{- define "ztunnel.image" -}}
{{- $ztunnel := .Values.ztunnel | default dict }}
{{- $global := .Values.global | default dict }}
{{- $image := $ztunnel.image | default "ztunnel" }}
{{- if contains "/" $image }}
{{- $image }}
{{- else }}
{{- $tag := include "ztunnel.text" ($ztunnel.tag | default $global.tag) }}
{{- printf "%s/%s:%s" ($ztunnel.hub | default $global.hub) $image $tag }}
{{- with $ztunnel.variant | default $global.variant }}-{{ . }}{{ end }}
{{- end }}
{{- end }}

{{/* What it is told through its environment. A name in env replaces what the chart would set. */}}
{{- define "ztunnel.env" -}}
{{- $ztunnel := .Values.ztunnel | default dict }}
{{- $global := .Values.global | default dict }}
{{- $istiod := include "ztunnel.istiod" . }}
{{- $ca := coalesce $ztunnel.caAddress $global.caAddress $istiod }}
{{- $cluster := coalesce ($ztunnel.multiCluster).clusterName ($global.multiCluster).clusterName "Kubernetes" }}
{{- $builtin := dict
  "CA_ADDRESS" $ca
  "XDS_ADDRESS" ($ztunnel.xdsAddress | default $istiod)
  "RUST_LOG" ($ztunnel.logLevel | default "info")
  "RUST_BACKTRACE" "1"
  "ISTIO_META_CLUSTER_ID" $cluster
  "INPOD_ENABLED" "true"
  "TERMINATION_GRACE_PERIOD_SECONDS" $ztunnel.terminationGracePeriodSeconds }}
{{- with coalesce $ztunnel.network $global.network }}{{ $_ := set $builtin "NETWORK" . }}{{ end }}
{{- if ternary $ztunnel.logAsJson $global.logAsJson (hasKey $ztunnel "logAsJson") }}{{ $_ := set $builtin "LOG_FORMAT" "json" }}{{ end }}
{{- if ($ztunnel.peerCaCrl).enabled }}{{ $_ := set $builtin "CRL_PATH" "/var/run/secrets/istio/crl/ca-crl.pem" }}{{ end }}
{{- $own := $ztunnel.env | default dict }}
{{- $values := include "ztunnel.stringMap" (list $builtin (($ztunnel.meshConfig).defaultConfig).proxyMetadata $own) | fromYaml }}
{{- range $name, $value := $values }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- $fields := dict
  "POD_NAME" "metadata.name"
  "POD_NAMESPACE" "metadata.namespace"
  "NODE_NAME" "spec.nodeName"
  "INSTANCE_IP" "status.podIP"
  "SERVICE_ACCOUNT" "spec.serviceAccountName" }}
{{- range $name, $field := $fields }}
{{- if not (hasKey $values $name) }}
- name: {{ $name }}
  valueFrom: {fieldRef: {fieldPath: {{ $field }}}}
{{- end }}
{{- end }}
{{- if not (hasKey $values "ZTUNNEL_CPU_LIMIT") }}
- name: ZTUNNEL_CPU_LIMIT
  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}
{{- end }}
{{- end }}

{{/* The root certificate of the mesh, as a volume. */}}
{{- define "ztunnel.rootCertificate" -}}
{{- $bundle := coalesce (.Values.ztunnel).trustBundleName (.Values.global).trustBundleName }}
{{- if eq (toString ((.Values.pilot).env).ENABLE_CLUSTER_TRUST_BUNDLE_API) "true" }}
projected:
  sources:
  - clusterTrustBundle:
      name: istio.io:istiod-ca:{{ $bundle | default "root-cert" }}
      path: root-cert.pem
{{- else }}
configMap:
  name: {{ $bundle | default "istio-ca-root-cert" }}
{{- end }}
{{- end }}
