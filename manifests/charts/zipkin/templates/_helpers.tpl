{{/* Labels by which Deployment and Service know their pod. A Deployment cannot change them later. */}}
{{- define "zipkin.selectorLabels" -}}
app: zipkin
app.kubernetes.io/name: zipkin
app.kubernetes.io/part-of: istio
{{- end }}
