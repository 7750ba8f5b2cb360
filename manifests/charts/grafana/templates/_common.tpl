{{/* What the charts of all add-ons have alike, each under its own name. A test compares them. */}}

{{/* Labels of every object. */}}
{{- define "grafana.labels" -}}
{{- include "grafana.selectorLabels" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.grafana.image.tag | default .Chart.AppVersion | toString | trunc 63 | trimAll "._-" | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
operator.istio.io/component: {{ title .Chart.Name }}
{{- end }}

{{/* Labels of the pods. Nothing here changes with the chart's version, so an upgrade replaces no pod needlessly. */}}
{{- define "grafana.podLabels" -}}
{{- $fixed := include "grafana.selectorLabels" . | fromYaml }}
{{- $fixed = merge $fixed (dict "operator.istio.io/component" (title .Chart.Name) "sidecar.istio.io/inject" "false" "istio.io/dataplane-mode" "none") }}
{{- include "grafana.strings" (merge $fixed (.Values.grafana.podLabels | default dict)) }}
{{- end }}

{{- define "grafana.image" -}}
{{- with .Values.grafana.image }}
{{- with .registry }}{{ . }}/{{ end }}{{ .repository }}
{{- with .tag }}:{{ . }}{{ end }}
{{- with .digest }}@{{ . }}{{ end }}
{{- end }}
{{- end }}

{{/* What the spec of a pod says before its containers. */}}
{{- define "grafana.podSpec" -}}
{{- $own := .Values.grafana }}
{{- $global := .Values.global | default dict -}}
serviceAccountName: grafana
{{- with include "grafana.podSecurityContext" . }}
securityContext:
  {{- . | nindent 2 }}
{{- end }}
{{- with $global.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with include "grafana.strings" ($own.nodeSelector | default $global.defaultNodeSelector) }}
nodeSelector:
  {{- . | nindent 2 }}
{{- end }}
{{- with $own.tolerations | default $global.defaultTolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What its container says that the settings of all add-ons decide. */}}
{{- define "grafana.container" -}}
{{- $own := .Values.grafana -}}
name: grafana
image: {{ include "grafana.image" . }}
{{- with $own.image.pullPolicy | default (.Values.global | default dict).imagePullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- with include "grafana.compact" $own.resources }}
resources:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "grafana.compact" $own.securityContext }}
securityContext:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The volume of what is stored. */}}
{{- define "grafana.storage" -}}
{{- with .Values.grafana }}
{{- if .persistence.enabled -}}
persistentVolumeClaim:
  claimName: {{ .persistence.existingClaim | default "grafana" }}
{{- else if .emptyDir.sizeLimit -}}
emptyDir:
  sizeLimit: {{ .emptyDir.sizeLimit }}
{{- else -}}
emptyDir: {}
{{- end }}
{{- end }}
{{- end }}

{{- define "grafana.podSecurityContext" -}}
{{- $context := .Values.grafana.podSecurityContext | default dict }}
{{- if eq (dig "platform" "" (.Values.global | default dict) | default "") "openshift" }}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" }}
{{- end }}
{{- include "grafana.compact" $context }}
{{- end }}

{{/* "true" when global.resourceScope takes objects of this scope: list "cluster"|"namespace" and the root. */}}
{{- define "grafana.inScope" -}}
{{- $scope := dig "resourceScope" "" ((last .).Values.global | default dict) | default "all" }}
{{- if has $scope (list "all" (first .)) }}true{{ end }}
{{- end }}

{{/* The namespace of another add-on, nothing if it is off: list its name and the root. */}}
{{- define "grafana.namespaceOf" -}}
{{- dig (first .) "namespace" "" ((last .).Values.addOns | default dict) }}
{{- end }}

{{/* Where the Prometheus of the mesh answers. */}}
{{- define "grafana.prometheusURL" -}}
{{- $prometheus := .Values.prometheus | default dict }}
{{- if eq (dig "prometheus" "mode" "" (.Values.addOns | default dict)) "operator" }}
{{- dig "operator" "url" "" $prometheus }}
{{- else }}
{{- $scheme := dig "web" "https" false $prometheus | ternary "https" "http" }}
{{- $namespace := include "grafana.namespaceOf" (list "prometheus" .) | default .Release.Namespace }}
{{- printf "%s://prometheus.%s:%v" $scheme $namespace (dig "service" "port" "" $prometheus | default 9090) }}
{{- end }}
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

{{/* One map laid over another: list the lower and the upper one. */}}
{{- define "grafana.over" -}}
{{- $lower := first . }}
{{- range $key, $value := last . }}
{{- if and (kindIs "map" $value) (kindIs "map" (get $lower $key)) }}
{{- $value = include "grafana.over" (list (get $lower $key) $value) | fromYaml }}
{{- end }}
{{- $_ := set $lower $key $value }}
{{- end }}
{{- toYaml $lower }}
{{- end }}
