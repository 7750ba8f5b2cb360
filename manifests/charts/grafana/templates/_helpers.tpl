{{/* Labels of every object. */}}
{{- define "grafana.labels" -}}
app.kubernetes.io/name: grafana
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Values.grafana.image.tag | default .Chart.AppVersion | toString | trunc 63 | trimAll "._-" | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
operator.istio.io/component: Grafana
{{- end }}

{{/* Labels by which Deployment and Service know their pods. A Deployment cannot change them later. */}}
{{- define "grafana.selectorLabels" -}}
app.kubernetes.io/name: grafana
app.kubernetes.io/part-of: istio
{{- end }}

{{/* Labels of the pods. Nothing here changes with the chart's version, so an upgrade replaces no pod needlessly. */}}
{{- define "grafana.podLabels" -}}
{{- $fixed := include "grafana.selectorLabels" . | fromYaml }}
{{- $fixed = merge $fixed (dict "operator.istio.io/component" "Grafana" "sidecar.istio.io/inject" "false" "istio.io/dataplane-mode" "none") }}
{{- include "grafana.strings" (merge $fixed (.Values.grafana.podLabels | default dict)) }}
{{- end }}

{{- define "grafana.image" -}}
{{- with .Values.grafana.image }}
{{- with .registry }}{{ . }}/{{ end }}{{ .repository }}
{{- with .tag }}:{{ . }}{{ end }}
{{- with .digest }}@{{ . }}{{ end }}
{{- end }}
{{- end }}

{{/* The configuration files, as entries of a ConfigMap. */}}
{{- define "grafana.config" -}}
{{- $datasources := tpl (.Files.Get "files/datasources.yaml") . | trim }}
{{- with (fromYaml $datasources).Error }}
{{- fail (printf "grafana.extraDatasources is not a YAML list without indentation: %s" .) }}
{{- end -}}
grafana.ini: |
  {{- tpl (.Files.Get "files/grafana.ini") . | trim | nindent 2 }}
datasources.yaml: |
  {{- $datasources | nindent 2 }}
dashboards.yaml: |
  {{- .Files.Get "files/dashboards.yaml" | trim | nindent 2 }}
{{- end }}

{{/* Where the data source finds Prometheus. */}}
{{- define "grafana.prometheusURL" -}}
{{- $port := dig "service" "port" "" (.Values.prometheus | default dict) | default 9090 }}
{{- .Values.grafana.datasource.url | default (printf "http://prometheus.%s:%v" .Release.Namespace $port) }}
{{- end }}

{{/* Name of the ConfigMap of a dashboard, given its file. */}}
{{- define "grafana.dashboardName" -}}
grafana-dashboard-{{ base . | trimSuffix ".json" }}
{{- end }}

{{- define "grafana.podSecurityContext" -}}
{{- $context := .Values.grafana.podSecurityContext | default dict }}
{{- if eq (dig "platform" "" (.Values.global | default dict) | default "") "openshift" }}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" }}
{{- end }}
{{- include "grafana.compact" $context }}
{{- end }}

{{/* "true" when global.resourceScope takes objects that live in a namespace, as all of Grafana's do. */}}
{{- define "grafana.inScope" -}}
{{- $scope := dig "resourceScope" "" (.Values.global | default dict) | default "all" }}
{{- if has $scope (list "all" "namespace") }}true{{ end }}
{{- end }}

{{/* A map of strings, with each value quoted. */}}
{{- define "grafana.strings" -}}
{{- $lines := list }}
{{- range $key, $value := . }}
{{- if not (kindIs "invalid" $value) }}
{{- $lines = append $lines (printf "%s: %s" $key ($value | toString | quote)) }}
{{- end }}
{{- end }}
{{- join "\n" $lines }}
{{- end }}

{{/* A map as YAML, without its nulls and empty maps; nothing at all when nothing is left. */}}
{{- define "grafana.compact" -}}
{{- $kept := dict }}
{{- range $key, $value := . }}
{{- if kindIs "map" $value }}
{{- $value = include "grafana.compact" $value | fromYaml }}
{{- end }}
{{- if not (or (kindIs "invalid" $value) (and (kindIs "map" $value) (empty $value))) }}
{{- $_ := set $kept $key $value }}
{{- end }}
{{- end }}
{{- with $kept }}{{ toYaml . }}{{ end }}
{{- end }}
