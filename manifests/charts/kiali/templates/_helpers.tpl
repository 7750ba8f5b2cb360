{{/* Labels by which Deployment and Service know their pod. A Deployment cannot change them later. */}}
{{- define "kiali.selectorLabels" -}}
app: kiali
app.kubernetes.io/name: kiali
app.kubernetes.io/part-of: istio
{{- end }}

{{/* Name of the cluster-wide objects, one set for each namespace. */}}
{{- define "kiali.clusterName" -}}
kiali-{{ .Release.Namespace }}
{{- end }}

{{- define "kiali.istioNamespace" -}}
{{- dig "istioNamespace" "" (.Values.global | default dict) | default .Release.Namespace }}
{{- end }}

{{/* How people sign in. */}}
{{- define "kiali.strategy" -}}
{{- with .Values.kiali.auth }}
{{- $strategy := .strategy | default (empty .signingKeySecret | ternary "anonymous" "token") }}
{{- if and (ne $strategy "anonymous") (not .signingKeySecret) }}
{{- fail (printf "kiali.auth.strategy %s needs kiali.auth.signingKeySecret, a Secret with the key that signs sessions" $strategy) }}
{{- end }}
{{- $strategy }}
{{- end }}
{{- end }}

{{/* Where Kiali finds Prometheus, without which it shows nothing. */}}
{{- define "kiali.asksPrometheus" -}}
{{- $url := include "addon.prometheusURL" . }}
{{- if not $url }}
{{- fail "prometheus.operator.url does not say where the Prometheus of the operator answers, which Kiali asks; http://prometheus-operated.NAMESPACE:9090 is its usual address" }}
{{- end }}
{{- $url }}
{{- end }}

{{/* Where Jaeger answers queries, if it is on. */}}
{{- define "kiali.jaegerURL" -}}
{{- $jaeger := .Values.jaeger | default dict }}
{{- $scheme := dig "tls" "existingSecret" "" $jaeger | empty | ternary "http" "https" }}
{{- $namespace := include "addon.namespaceOf" (list "jaeger" .) }}
{{- printf "%s://tracing.%s:%v%s" $scheme $namespace (dig "service" "port" "" $jaeger | default 80) (dig "basePath" "/jaeger" $jaeger) }}
{{- end }}

{{/* The configuration file, with what the user adds to it. */}}
{{- define "kiali.config" -}}
{{- include "addon.over" (list (tpl (.Files.Get "files/config.yaml") . | fromYaml) (.Values.kiali.config | default dict)) }}
{{- end }}

{{/* Secrets that Kiali reads in the place of what the configuration file says: their volumes, by what they are. */}}
{{- define "kiali.secrets" -}}
{{- with .Values.kiali.auth }}
{{- if .signingKeySecret }}
login-token-signing-key: {name: {{ .signingKeySecret }}, key: {{ .signingKey }}}
{{- end }}
{{- end }}
{{- with dig "web" (dict) (.Values.prometheus | default dict) }}
{{- if and .user .existingSecret (ne (dig "prometheus" "mode" "" ($.Values.addOns | default dict)) "operator") }}
prometheus-password: {name: {{ .existingSecret }}, key: {{ .passwordKey }}}
{{- end }}
{{- end }}
{{- end }}
