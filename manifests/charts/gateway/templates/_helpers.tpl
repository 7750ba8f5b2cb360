{{/* ---------- names ---------- */}}

{{- define "gateway.name" -}}
{{- .Values.name | default .Release.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "gateway.serviceAccountName" -}}
{{- $name := ternary (include "gateway.name" .) "default" .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default $name }}
{{- end }}

{{/* ---------- what to render: each is "true" or empty ---------- */}}

{{/* Are there certainly two replicas, so that one can be spared? */}}
{{- define "gateway.isReplicated" -}}
{{- $replicas := ternary .Values.autoscaling.minReplicas .Values.replicaCount .Values.autoscaling.enabled }}
{{- if and (eq .Values.kind "Deployment") (gt (int $replicas) 1) }}true{{ end }}
{{- end }}

{{- define "gateway.hasService" -}}
{{- if ne .Values.service.type "None" }}true{{ end }}
{{- end }}

{{- define "gateway.isOpenShift" -}}
{{- if eq (.Values.platform | default .Values.global.platform | default "") "openshift" }}true{{ end }}
{{- end }}

{{/* ---------- labels ---------- */}}

{{/* The labels that tell this gateway from others, by which it finds its pods. */}}
{{- define "gateway.selectorLabels" -}}
{{- $name := include "gateway.name" . }}
app: {{ .Values.labels.app | default $name | quote }}
istio: {{ .Values.labels.istio | default (trimPrefix "istio-" $name) | quote }}
{{- end }}

{{- define "gateway.labels" -}}
{{- $common := dict
  "app.kubernetes.io/name" (include "gateway.name" .)
  "app.kubernetes.io/instance" .Release.Name
  "app.kubernetes.io/part-of" "istio"
  "app.kubernetes.io/version" .Chart.AppVersion
  "app.kubernetes.io/managed-by" .Release.Service
  "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63) }}
{{- $network := dict }}
{{- with .Values.networkGateway }}{{ $network = dict "topology.istio.io/network" . }}{{ end }}
{{- include "gateway.stringMap" (list $common (include "gateway.selectorLabels" . | fromYaml) $network .Values.labels) }}
{{- end }}

{{/* Metadata that all objects have, less the name. */}}
{{- define "gateway.metadata" -}}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "gateway.labels" . | nindent 2 }}
{{- end }}

{{/* ---------- values as YAML ---------- */}}

{{/* A scalar as text: what a string says, true, 1000000 (never 1e+06). */}}
{{- define "gateway.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end }}
{{- end }}

{{/* Takes a list of maps; later ones win, null drops a key, and values become strings. For labels and annotations. */}}
{{- define "gateway.stringMap" -}}
{{- $out := dict }}
{{- range $map := . }}
  {{- range $key, $value := $map }}
    {{- if kindIs "invalid" $value }}
      {{- $_ := unset $out $key }}
    {{- else }}
      {{- $_ := set $out $key (include "gateway.text" $value) }}
    {{- end }}
  {{- end }}
{{- end }}
{{- toYaml $out }}
{{- end }}

{{- define "gateway.ports" -}}
{{- ternary .Values.networkGatewayPorts .Values.service.ports (not (empty .Values.networkGateway)) | default list | toYaml }}
{{- end }}

{{/* ---------- the pod ---------- */}}

{{- define "gateway.podSecurityContext" -}}
{{- if .Values.securityContext }}
{{- toYaml .Values.securityContext }}
{{- else }}
# Ports 80 and 443 without being root.
sysctls:
- name: net.ipv4.ip_unprivileged_port_start
  value: "0"
{{- end }}
{{- end }}

{{- define "gateway.containerSecurityContext" -}}
{{- if .Values.containerSecurityContext }}
{{- toYaml .Values.containerSecurityContext }}
{{- else }}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
{{- if not (include "gateway.isOpenShift" .) }}
runAsUser: 1337
runAsGroup: 1337
{{- end }}
capabilities:
  drop: [ALL]
{{- end }}
{{- end }}

{{- define "gateway.env" -}}
{{- $own := .Values.env | default dict }}
{{- if and .Values.networkGateway (not (hasKey $own "ISTIO_META_REQUESTED_NETWORK_VIEW")) }}
- name: ISTIO_META_REQUESTED_NETWORK_VIEW
  value: {{ .Values.networkGateway | quote }}
{{- end }}
{{- range $name, $value := $own }}
{{- if not (kindIs "invalid" $value) }}
- name: {{ $name }}
  value: {{ include "gateway.text" $value | quote }}
{{- end }}
{{- end }}
{{- with .Values.envVarFrom }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The proxy, as far as it is not left to injection. */}}
{{- define "gateway.container" -}}
- name: istio-proxy
  # Filled in by injection.
  image: auto
  {{- with .Values.imagePullPolicy | default .Values.global.imagePullPolicy }}
  imagePullPolicy: {{ . }}
  {{- end }}
  ports:
  - {name: http-envoy-prom, containerPort: 15090, protocol: TCP}
  {{- with include "gateway.env" . | trim }}
  env:
  {{- . | nindent 2 }}
  {{- end }}
  {{- range $field := list "readinessProbe" "startupProbe" "lifecycle" "resources" "volumeMounts" }}
  {{- with get $.Values $field }}
  {{ $field }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  securityContext:
    {{- include "gateway.containerSecurityContext" . | trim | nindent 4 }}
{{- end }}
