{{/* Labels by which Deployment and Service know their pods. A Deployment cannot change them later. */}}
{{- define "grafana.selectorLabels" -}}
app.kubernetes.io/name: grafana
app.kubernetes.io/part-of: istio
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
{{- define "grafana.datasourceURL" -}}
{{- $url := .Values.grafana.datasource.url | default (include "addon.prometheusURL" .) }}
{{- if not $url }}
{{- fail "prometheus.operator.url does not say where the Prometheus of the operator answers, which Grafana asks; http://prometheus-operated.NAMESPACE:9090 is its usual address" }}
{{- end }}
{{- $url }}
{{- end }}

{{/* Environment with what Prometheus asks of those who ask it. */}}
{{- define "grafana.prometheusSecrets" -}}
{{- $web := dig "web" (dict) (.Values.prometheus | default dict) }}
{{- if and $web.existingSecret (ne (dig "prometheus" "mode" "" (.Values.addOns | default dict)) "operator") (not .Values.grafana.datasource.url) }}
{{- if $web.user }}
- name: PROMETHEUS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $web.existingSecret }}
      key: {{ $web.passwordKey }}
{{- end }}
{{- if $web.https }}
- name: PROMETHEUS_CA
  valueFrom:
    secretKeyRef:
      name: {{ $web.existingSecret }}
      key: {{ $web.caKey }}
{{- end }}
{{- end }}
{{- end }}

{{/* Name of the ConfigMap of a dashboard, given its file. */}}
{{- define "grafana.dashboardName" -}}
grafana-dashboard-{{ base . | trimSuffix ".json" }}
{{- end }}
