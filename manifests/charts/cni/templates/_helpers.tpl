{{/* ---------- what to render: each is "true" or empty ---------- */}}

{{- define "cni.rendersClusterObjects" -}}
{{- if ne (.Values.global).resourceScope "namespace" }}true{{ end }}
{{- end }}

{{- define "cni.rendersNamespacedObjects" -}}
{{- if ne (.Values.global).resourceScope "cluster" }}true{{ end }}
{{- end }}

{{- define "cni.isOpenShift" -}}
{{- if eq ((.Values.global).platform | default .Values.platform | default "") "openshift" }}true{{ end }}
{{- end }}

{{/* Does the agent share the network of its node? */}}
{{- define "cni.isOnHostNetwork" -}}
{{- $ambient := (.Values.cni).ambient | default dict }}
{{- if and $ambient.enabled $ambient.shareHostNetworkNamespace }}true{{ end }}
{{- end }}

{{/* ---------- labels ---------- */}}

{{- define "cni.commonLabels" -}}
app.kubernetes.io/name: istio-cni
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- define "cni.labels" -}}
{{ include "cni.commonLabels" . }}
operator.istio.io/component: Cni
release: {{ .Release.Name }}
istio.io/rev: {{ .Values.revision | default "default" | quote }}
{{- end }}

{{/* ---------- values as YAML ---------- */}}

{{/* A scalar as text: what a string says, true, 1000000 (never 1e+06). */}}
{{- define "cni.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end }}
{{- end }}

{{/* Takes a list of maps; later ones win, null drops a key, and values become strings. For labels and annotations. */}}
{{- define "cni.stringMap" -}}
{{- $out := dict }}
{{- range $map := . }}
  {{- range $key, $value := $map }}
    {{- if kindIs "invalid" $value }}
      {{- $_ := unset $out $key }}
    {{- else }}
      {{- $_ := set $out $key (include "cni.text" $value) }}
    {{- end }}
  {{- end }}
{{- end }}
{{- toYaml $out }}
{{- end }}

{{/* ---------- the agent's container ---------- */}}

{{- define "cni.image" -}}
{{- $cni := .Values.cni | default dict }}
{{- $global := .Values.global | default dict }}
{{- $image := $cni.image | default "install-cni" }}
{{- if contains "/" $image }}
{{- $image }}
{{- else }}
{{- printf "%s/%s:%s" ($cni.hub | default $global.hub) $image (include "cni.tag" .) }}
{{- with $cni.variant | default $global.variant }}-{{ . }}{{ end }}
{{- end }}
{{- end }}

{{- define "cni.tag" -}}
{{- include "cni.text" ((.Values.cni).tag | default (.Values.global).tag) }}
{{- end }}

{{/* The folder with CNI plugins. GKE has its own. */}}
{{- define "cni.binDir" -}}
{{- $usual := ternary "/home/kubernetes/bin" "/opt/cni/bin" (contains "-gke" .Capabilities.KubeVersion.Version) }}
{{- (.Values.cni).cniBinDir | default $usual }}
{{- end }}

{{/* Settings that the agent reads from its environment, by way of a ConfigMap. */}}
{{- define "cni.config" -}}
{{- $cni := .Values.cni | default dict }}
{{- $ambient := $cni.ambient | default dict }}
{{- $repair := $cni.repair | default dict }}
{{- $config := dict
  "CURRENT_AGENT_VERSION" (include "cni.tag" .)
  "AMBIENT_ENABLED" ($ambient.enabled | default false)
  "AMBIENT_ENABLEMENT_SELECTOR" ($ambient.enablementSelectors | default list | toYaml)
  "AMBIENT_DNS_CAPTURE" ($ambient.dnsCapture | default false)
  "AMBIENT_IPV6" ($ambient.ipv6 | default false)
  "AMBIENT_RECONCILE_POD_RULES_ON_STARTUP" ($ambient.reconcileIptablesOnStartup | default false)
  "ENABLE_AMBIENT_DETECTION_RETRY" ($ambient.enableAmbientDetectionRetry | default false)
  "ISTIO_OWNED_CNI_CONFIG" ($cni.istioOwnedCNIConfig | default false)
  "CHAINED_CNI_PLUGIN" ($cni.chained | default false)
  "EXCLUDE_NAMESPACES" (join "," $cni.excludeNamespaces)
  "NATIVE_NFTABLES" ((.Values.global).nativeNftables | default false)
  "REPAIR_ENABLED" ($repair.enabled | default false)
  "REPAIR_REPAIR_PODS" ($repair.repairPods | default false)
  "REPAIR_LABEL_PODS" ($repair.labelPods | default false)
  "REPAIR_DELETE_PODS" ($repair.deletePods | default false)
  "REPAIR_INIT_CONTAINER_NAME" $repair.initContainerName
  "REPAIR_BROKEN_POD_LABEL_KEY" $repair.brokenPodLabelKey
  "REPAIR_BROKEN_POD_LABEL_VALUE" $repair.brokenPodLabelValue }}
{{- with $cni.cniConfFileName }}{{ $_ := set $config "CNI_CONF_NAME" . }}{{ end }}
{{- with $cni.istioOwnedCNIConfigFileName }}{{ $_ := set $config "ISTIO_OWNED_CNI_CONF_FILENAME" . }}{{ end }}
{{- include "cni.stringMap" (list $config $cni.env) }}
{{- end }}

{{- define "cni.env" -}}
{{- $own := (.Values.cni).env | default dict }}
{{- $builtin := list
  (dict "name" "REPAIR_NODE_NAME" "field" "spec.nodeName")
  (dict "name" "REPAIR_RUN_AS_DAEMON" "value" "true")
  (dict "name" "REPAIR_SIDECAR_ANNOTATION" "value" "sidecar.istio.io/status")
  (dict "name" "NODE_NAME" "field" "spec.nodeName" "apiVersion" "v1")
  (dict "name" "GOMEMLIMIT" "resource" "limits.memory")
  (dict "name" "GOMAXPROCS" "resource" "limits.cpu")
  (dict "name" "POD_NAME" "field" "metadata.name")
  (dict "name" "POD_NAMESPACE" "field" "metadata.namespace") }}
{{- if not (include "cni.isOnHostNetwork" .) }}
  {{- $builtin = append $builtin (dict "name" "ALLOW_SWITCH_TO_HOST_NS" "value" "true") }}
{{- end }}
{{- range $builtin }}
{{- if not (hasKey $own .name) }}
- name: {{ .name }}
  {{- if .value }}
  value: {{ .value | quote }}
  {{- else if .resource }}
  valueFrom: {resourceFieldRef: {resource: {{ .resource }}, divisor: "1"}}
  {{- else }}
  valueFrom: {fieldRef: {fieldPath: {{ .field }}{{ with .apiVersion }}, apiVersion: {{ . }}{{ end }}}}
  {{- end }}
{{- end }}
{{- end }}
{{- range $name, $value := $own }}
{{- if not (kindIs "invalid" $value) }}
- name: {{ $name }}
  value: {{ include "cni.text" $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "cni.securityContext" -}}
{{- $cni := .Values.cni | default dict }}
privileged: false
# Folders and namespaces of the node belong to its root.
runAsUser: 0
runAsGroup: 0
runAsNonRoot: false
capabilities:
  drop: [ALL]
  # To enter the network of a pod and to change its rules, and to write to folders of others.
  add: [NET_ADMIN, NET_RAW, SYS_PTRACE, SYS_ADMIN, DAC_OVERRIDE]
{{- if not $cni.useAppArmorAnnotation }}
appArmorProfile:
  type: Unconfined
{{- end }}
{{- with $cni.seLinuxOptions }}
seLinuxOptions:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $cni.seccompProfile }}
seccompProfile:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
