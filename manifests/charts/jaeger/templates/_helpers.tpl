{{/* Labels by which Deployment and Services know their pod. A Deployment cannot change them later. */}}
{{- define "jaeger.selectorLabels" -}}
app: jaeger
app.kubernetes.io/name: jaeger
app.kubernetes.io/part-of: istio
{{- end }}

{{/* The configuration file, with what the user adds to it. */}}
{{- define "jaeger.config" -}}
{{- if not (has .Values.jaeger.storage.type (list "badger" "memory")) }}
{{- fail (printf "jaeger.storage.type is %q, and can be badger or memory; jaeger.config takes other storage" .Values.jaeger.storage.type) }}
{{- end }}
{{- include "addon.over" (list (tpl (.Files.Get "files/config.yaml") . | fromYaml) (.Values.jaeger.config | default dict)) }}
{{- end }}

{{/* "true" when the Service zipkin is Jaeger's. */}}
{{- define "jaeger.isZipkin" -}}
{{- $taken := eq (include "addon.namespaceOf" (list "zipkin" .)) .Release.Namespace }}
{{- if and .Values.jaeger.zipkinService.enabled (not $taken) }}true{{ end }}
{{- end }}
