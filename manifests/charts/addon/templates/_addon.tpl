{{/* What the charts of all add-ons have alike. An add-on has its settings under its own name, as in .Values.jaeger. */}}

{{/* Labels of every object. */}}
{{- define "addon.labels" -}}
{{- $own := index .Values .Chart.Name }}
{{- include (printf "%s.selectorLabels" .Chart.Name) . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ $own.image.tag | default .Chart.AppVersion | toString | trunc 63 | trimAll "._-" | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
operator.istio.io/component: {{ title .Chart.Name }}
{{- end }}

{{/* Labels of the pods. Nothing here changes with the chart's version, so an upgrade replaces no pod needlessly. */}}
{{- define "addon.podLabels" -}}
{{- $own := index .Values .Chart.Name }}
{{- $fixed := include (printf "%s.selectorLabels" .Chart.Name) . | fromYaml }}
{{- $fixed = merge $fixed (dict "operator.istio.io/component" (title .Chart.Name) "sidecar.istio.io/inject" "false" "istio.io/dataplane-mode" "none") }}
{{- include "addon.strings" (merge $fixed ($own.podLabels | default dict)) }}
{{- end }}

{{- define "addon.image" -}}
{{- $own := index .Values .Chart.Name }}
{{- with $own.image }}
{{- with .registry }}{{ . }}/{{ end }}{{ .repository }}
{{- with .tag }}:{{ . }}{{ end }}
{{- with .digest }}@{{ . }}{{ end }}
{{- end }}
{{- end }}

{{/* What the spec of a pod says before its containers. */}}
{{- define "addon.podSpec" -}}
{{- $own := index .Values .Chart.Name }}
{{- $global := .Values.global | default dict -}}
serviceAccountName: {{ .Chart.Name }}
{{- with include "addon.podSecurityContext" . }}
securityContext:
  {{- . | nindent 2 }}
{{- end }}
{{- with $global.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with include "addon.strings" ($own.nodeSelector | default $global.defaultNodeSelector) }}
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
{{- define "addon.container" -}}
{{- $own := index .Values .Chart.Name -}}
name: {{ .Chart.Name }}
image: {{ include "addon.image" . }}
{{- with $own.image.pullPolicy | default (.Values.global | default dict).imagePullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- with include "addon.compact" $own.resources }}
resources:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "addon.compact" $own.securityContext }}
securityContext:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The volume of what is stored. */}}
{{- define "addon.storage" -}}
{{- $own := index .Values .Chart.Name }}
{{- if $own.persistence.enabled -}}
persistentVolumeClaim:
  claimName: {{ $own.persistence.existingClaim | default .Chart.Name }}
{{- else if $own.emptyDir.sizeLimit -}}
emptyDir:
  sizeLimit: {{ $own.emptyDir.sizeLimit }}
{{- else -}}
emptyDir: {}
{{- end }}
{{- end }}

{{- define "addon.podSecurityContext" -}}
{{- $own := index .Values .Chart.Name }}
{{- $context := $own.podSecurityContext | default dict }}
{{- if eq (dig "platform" "" (.Values.global | default dict) | default "") "openshift" }}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" }}
{{- end }}
{{- include "addon.compact" $context }}
{{- end }}

{{/* "true" when global.resourceScope takes objects of this scope: list "cluster"|"namespace" and the root. */}}
{{- define "addon.inScope" -}}
{{- $scope := dig "resourceScope" "" ((last .).Values.global | default dict) | default "all" }}
{{- if has $scope (list "all" (first .)) }}true{{ end }}
{{- end }}

{{/* The namespace of another add-on, nothing if it is off: list its name and the root. */}}
{{- define "addon.namespaceOf" -}}
{{- dig (first .) "namespace" "" ((last .).Values.addOns | default dict) }}
{{- end }}

{{/* Where the Prometheus of the mesh answers. */}}
{{- define "addon.prometheusURL" -}}
{{- $prometheus := .Values.prometheus | default dict }}
{{- if eq (dig "prometheus" "mode" "" (.Values.addOns | default dict)) "operator" }}
{{- dig "operator" "url" "" $prometheus }}
{{- else }}
{{- $scheme := dig "web" "https" false $prometheus | ternary "https" "http" }}
{{- $namespace := include "addon.namespaceOf" (list "prometheus" .) | default .Release.Namespace }}
{{- printf "%s://prometheus.%s:%v" $scheme $namespace (dig "service" "port" "" $prometheus | default 9090) }}
{{- end }}
{{- end }}

{{/* A map of strings, with each value quoted. */}}
{{- define "addon.strings" -}}
{{- $lines := list }}
{{- range $key, $value := . }}
{{- if not (kindIs "invalid" $value) }}
{{- $lines = append $lines (printf "%s: %s" $key ($value | toString | quote)) }}
{{- end }}
{{- end }}
{{- join "\n" $lines }}
{{- end }}

{{/* A map as YAML, without its nulls and empty maps; nothing at all when nothing is left. */}}
{{- define "addon.compact" -}}
{{- $kept := dict }}
{{- range $key, $value := . }}
{{- if kindIs "map" $value }}
{{- $value = include "addon.compact" $value | fromYaml }}
{{- end }}
{{- if not (or (kindIs "invalid" $value) (and (kindIs "map" $value) (empty $value))) }}
{{- $_ := set $kept $key $value }}
{{- end }}
{{- end }}
{{- with $kept }}{{ toYaml . }}{{ end }}
{{- end }}

{{/* One map laid over another: list the lower and the upper one. */}}
{{- define "addon.over" -}}
{{- $lower := first . }}
{{- range $key, $value := last . }}
{{- if and (kindIs "map" $value) (kindIs "map" (get $lower $key)) }}
{{- $value = include "addon.over" (list (get $lower $key) $value) | fromYaml }}
{{- end }}
{{- $_ := set $lower $key $value }}
{{- end }}
{{- toYaml $lower }}
{{- end }}
