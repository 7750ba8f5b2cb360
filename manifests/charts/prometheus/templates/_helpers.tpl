{{/* Labels by which Deployment and Service know their pod. A Deployment cannot change them later. */}}
{{- define "prometheus.selectorLabels" -}}
app.kubernetes.io/name: prometheus
app.kubernetes.io/component: server
app.kubernetes.io/part-of: istio
{{- end }}

{{/* Name of the cluster-wide objects, one set for each namespace. */}}
{{- define "prometheus.clusterName" -}}
prometheus-{{ .Release.Namespace }}
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
  {{- with include "addon.strings" (omit ((first .).labels | default dict) "severity") }}
  {{- . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* What Prometheus fills in when an alert goes off. */}}
{{- define "prometheus.inAlert" -}}
{{ printf "{{ %s }}" . }}
{{- end }}

{{/* "true" when there is a server here, and global.resourceScope takes its objects of this scope. */}}
{{- define "prometheus.serves" -}}
{{- if not (include "prometheus.operated" (last .)) }}{{ include "addon.inScope" . }}{{ end }}
{{- end }}

{{/* "true" when the Prometheus of an operator does the work. */}}
{{- define "prometheus.operated" -}}
{{- if eq (dig "prometheus" "mode" "" (.Values.addOns | default dict)) "operator" }}true{{ end }}
{{- end }}

{{/* Labels by which the operator's Prometheus selects what is for it. */}}
{{- define "prometheus.operatorLabels" -}}
{{- include "addon.labels" . }}
{{- with include "addon.strings" .Values.prometheus.operator.labels }}
{{ . }}
{{- end }}
{{- end }}

{{/* Settings that only a server of our own can follow. */}}
{{- define "prometheus.checkOperated" -}}
{{- with .Values.prometheus }}
{{- if .extraScrapeConfigs }}
{{- fail "prometheus.extraScrapeConfigs has no place with components.prometheus.mode=operator: write a PodMonitor, a ServiceMonitor or a ScrapeConfig" }}
{{- end }}
{{- if .alerts.alertmanagers }}
{{- fail "prometheus.alerts.alertmanagers has no place with components.prometheus.mode=operator: the operator's Prometheus has its own" }}
{{- end }}
{{- end }}
{{- end }}
