{{/* Labels that every object has. */}}
{{- define "base.labels" -}}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* "true" if objects of the scope .of (cluster or namespace) are wanted. */}}
{{- define "base.inScope" -}}
{{- has (((.root.Values).global).resourceScope | default "all") (list "all" .of) -}}
{{- end }}
