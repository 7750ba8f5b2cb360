{{/* What the charts of all add-ons have alike, each under its own name. A test compares them. */}}

{{/* Labels of every object. */}}
{{- define "loki.labels" -}}
{{- include "loki.selectorLabels" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.loki.image.tag | default .Chart.AppVersion | toString | trunc 63 | trimAll "._-" | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
operator.istio.io/component: {{ title .Chart.Name }}
{{- end }}

{{/* Labels of the pods. Nothing here changes with the chart's version, so an upgrade replaces no pod needlessly. */}}
{{- define "loki.podLabels" -}}
{{- $fixed := include "loki.selectorLabels" . | fromYaml }}
{{- $fixed = merge $fixed (dict "operator.istio.io/component" (title .Chart.Name) "sidecar.istio.io/inject" "false" "istio.io/dataplane-mode" "none") }}
{{- include "loki.strings" (merge $fixed (.Values.loki.podLabels | default dict)) }}
{{- end }}

{{- define "loki.image" -}}
{{- with .Values.loki.image }}
{{- with .registry }}{{ . }}/{{ end }}{{ .repository }}
{{- with .tag }}:{{ . }}{{ end }}
{{- with .digest }}@{{ . }}{{ end }}
{{- end }}
{{- end }}

{{/* What the spec of a pod says before its containers. */}}
{{- define "loki.podSpec" -}}
{{- $own := .Values.loki }}
{{- $global := .Values.global | default dict -}}
serviceAccountName: loki
{{- with include "loki.podSecurityContext" . }}
securityContext:
  {{- . | nindent 2 }}
{{- end }}
{{- with $global.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with include "loki.strings" ($own.nodeSelector | default $global.defaultNodeSelector) }}
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
{{- define "loki.container" -}}
{{- $own := .Values.loki -}}
name: loki
image: {{ include "loki.image" . }}
{{- with $own.image.pullPolicy | default (.Values.global | default dict).imagePullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- with include "loki.compact" $own.resources }}
resources:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "loki.compact" $own.securityContext }}
securityContext:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The volume of what is stored. */}}
{{- define "loki.storage" -}}
{{- with .Values.loki }}
{{- if .persistence.enabled -}}
persistentVolumeClaim:
  claimName: {{ .persistence.existingClaim | default "loki" }}
{{- else if .emptyDir.sizeLimit -}}
emptyDir:
  sizeLimit: {{ .emptyDir.sizeLimit }}
{{- else -}}
emptyDir: {}
{{- end }}
{{- end }}
{{- end }}

{{- define "loki.podSecurityContext" -}}
{{- $context := .Values.loki.podSecurityContext | default dict }}
{{- if eq (dig "platform" "" (.Values.global | default dict) | default "") "openshift" }}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" }}
{{- end }}
{{- include "loki.compact" $context }}
{{- end }}

{{/* "true" when global.resourceScope takes objects of this scope: list "cluster"|"namespace" and the root. */}}
{{- define "loki.inScope" -}}
{{- $scope := dig "resourceScope" "" ((last .).Values.global | default dict) | default "all" }}
{{- if has $scope (list "all" (first .)) }}true{{ end }}
{{- end }}

{{/* The namespace of another add-on, nothing if it is off: list its name and the root. */}}
{{- define "loki.namespaceOf" -}}
{{- dig (first .) "namespace" "" ((last .).Values.addOns | default dict) }}
{{- end }}

{{/* Where the Prometheus of the mesh answers. */}}
{{- define "loki.prometheusURL" -}}
{{- $prometheus := .Values.prometheus | default dict }}
{{- if eq (dig "prometheus" "mode" "" (.Values.addOns | default dict)) "operator" }}
{{- dig "operator" "url" "" $prometheus }}
{{- else }}
{{- $scheme := dig "web" "https" false $prometheus | ternary "https" "http" }}
{{- $namespace := include "loki.namespaceOf" (list "prometheus" .) | default .Release.Namespace }}
{{- printf "%s://prometheus.%s:%v" $scheme $namespace (dig "service" "port" "" $prometheus | default 9090) }}
{{- end }}
{{- end }}

{{/* A map of strings, with each value quoted. */}}
{{- define "loki.strings" -}}
{{- $lines := list }}
{{- range $key, $value := . }}
{{- if not (kindIs "invalid" $value) }}
{{- $lines = append $lines (printf "%s: %s" $key ($value | toString | quote)) }}
{{- end }}
{{- end }}
{{- join "\n" $lines }}
{{- end }}

{{/* A map as YAML, without its nulls and empty maps; nothing at all when nothing is left. */}}
{{- define "loki.compact" -}}
{{- $kept := dict }}
{{- range $key, $value := . }}
{{- if kindIs "map" $value }}
{{- $value = include "loki.compact" $value | fromYaml }}
{{- end }}
{{- if not (or (kindIs "invalid" $value) (and (kindIs "map" $value) (empty $value))) }}
{{- $_ := set $kept $key $value }}
{{- end }}
{{- end }}
{{- with $kept }}{{ toYaml . }}{{ end }}
{{- end }}

{{/* One map laid over another: list the lower and the upper one. */}}
{{- define "loki.over" -}}
{{- $lower := first . }}
{{- range $key, $value := last . }}
{{- if and (kindIs "map" $value) (kindIs "map" (get $lower $key)) }}
{{- $value = include "loki.over" (list (get $lower $key) $value) | fromYaml }}
{{- end }}
{{- $_ := set $lower $key $value }}
{{- end }}
{{- toYaml $lower }}
{{- end }}
