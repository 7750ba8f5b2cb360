{{/* Labels by which StatefulSet and Services know their pod. A StatefulSet cannot change them later. */}}
{{- define "loki.selectorLabels" -}}
app.kubernetes.io/name: loki
app.kubernetes.io/part-of: istio
{{- end }}

{{/* The configuration file, with what the user adds to it. */}}
{{- define "loki.config" -}}
{{- include "addon.over" (list (tpl (.Files.Get "files/loki.yaml") . | fromYaml) (.Values.loki.config | default dict)) }}
{{- end }}
