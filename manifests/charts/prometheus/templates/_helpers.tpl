{{/* Labels of every object. */}}
{{- define "prometheus.labels" -}}
app.kubernetes.io/name: prometheus
app.kubernetes.io/component: server
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Values.prometheus.image.tag | default .Chart.AppVersion | toString | trunc 63 | trimAll "._-" | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
operator.istio.io/component: Prometheus
{{- end }}

{{/* Labels by which Deployment and Service know their pod. A Deployment cannot change them later. */}}
{{- define "prometheus.selectorLabels" -}}
app.kubernetes.io/name: prometheus
app.kubernetes.io/component: server
app.kubernetes.io/part-of: istio
{{- end }}

{{/* Labels of the pod. Nothing here changes with the chart's version, so an upgrade keeps the pod and its samples. */}}
{{- define "prometheus.podLabels" -}}
{{- $fixed := include "prometheus.selectorLabels" . | fromYaml }}
{{- $fixed = merge $fixed (dict "operator.istio.io/component" "Prometheus" "sidecar.istio.io/inject" "false" "istio.io/dataplane-mode" "none") }}
{{- include "prometheus.strings" (merge $fixed (.Values.prometheus.podLabels | default dict)) }}
{{- end }}

{{/* Name of the cluster-wide objects, one set for each namespace. */}}
{{- define "prometheus.clusterName" -}}
prometheus-{{ .Release.Namespace }}
{{- end }}

{{- define "prometheus.image" -}}
{{- with .Values.prometheus.image }}
{{- with .registry }}{{ . }}/{{ end }}{{ .repository }}
{{- with .tag }}:{{ . }}{{ end }}
{{- with .digest }}@{{ . }}{{ end }}
{{- end }}
{{- end }}

{{/* The configuration file. Text from the user that breaks it is refused here, not by a pod that cannot start. */}}
{{- define "prometheus.config" -}}
{{- $config := tpl (.Files.Get "files/prometheus.yml") . | trim }}
{{- with (fromYaml $config).Error }}
{{- fail (printf "prometheus.extraScrapeConfigs is not a YAML list without indentation: %s" .) }}
{{- end }}
{{- $config }}
{{- end }}

{{/* The files of the ConfigMap besides the configuration: rules that record, rules that warn, and the user's. */}}
{{- define "prometheus.rules" -}}
{{- $prometheus := .Values.prometheus }}
{{- if $prometheus.recordingRules.enabled }}
recording-rules.yml: |
  {{- tpl (.Files.Get "files/recording-rules.yml") . | trim | nindent 2 }}
{{- end }}
{{- if $prometheus.alerts.enabled }}
alerts.yml: |
  {{- tpl (.Files.Get "files/alerts.yml") . | trim | nindent 2 }}
{{- end }}
{{- with $prometheus.extraRules }}
{{- $groups := kindIs "string" . | ternary . (toYaml .) | trimSuffix "\n" }}
{{- with (printf "groups:\n%s" $groups | fromYaml).Error }}
{{- fail (printf "prometheus.extraRules is not a YAML list without indentation: %s" .) }}
{{- end }}
extra-rules.yml: |
  groups:
  {{- $groups | nindent 2 }}
{{- end }}
{{- end }}

{{/* What all alerts have: list with the settings of all and those of one. */}}
{{- define "prometheus.alert" -}}
{{- $one := last . -}}
for: {{ $one.for }}
labels:
  severity: {{ $one.severity }}
  {{- with include "prometheus.strings" (omit ((first .).labels | default dict) "severity") }}
  {{- . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* What Prometheus fills in when an alert goes off. */}}
{{- define "prometheus.inAlert" -}}
{{ printf "{{ %s }}" . }}
{{- end }}

{{- define "prometheus.podSecurityContext" -}}
{{- $context := .Values.prometheus.podSecurityContext | default dict }}
{{- if eq (dig "platform" "" (.Values.global | default dict) | default "") "openshift" }}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" }}
{{- end }}
{{- include "prometheus.compact" $context }}
{{- end }}

{{/* "true" when global.resourceScope takes objects of this scope: list "cluster"|"namespace" and the root. */}}
{{- define "prometheus.inScope" -}}
{{- $scope := dig "resourceScope" "" ((last .).Values.global | default dict) | default "all" }}
{{- if has $scope (list "all" (first .)) }}true{{ end }}
{{- end }}

{{/* A map of strings, with each value quoted. */}}
{{- define "prometheus.strings" -}}
{{- $lines := list }}
{{- range $key, $value := . }}
{{- if not (kindIs "invalid" $value) }}
{{- $lines = append $lines (printf "%s: %s" $key ($value | toString | quote)) }}
{{- end }}
{{- end }}
{{- join "\n" $lines }}
{{- end }}

{{/* A map as YAML, without its nulls and empty maps; nothing at all when nothing is left. */}}
{{- define "prometheus.compact" -}}
{{- $kept := dict }}
{{- range $key, $value := . }}
{{- if kindIs "map" $value }}
{{- $value = include "prometheus.compact" $value | fromYaml }}
{{- end }}
{{- if not (or (kindIs "invalid" $value) (and (kindIs "map" $value) (empty $value))) }}
{{- $_ := set $kept $key $value }}
{{- end }}
{{- end }}
{{- with $kept }}{{ toYaml . }}{{ end }}
{{- end }}
