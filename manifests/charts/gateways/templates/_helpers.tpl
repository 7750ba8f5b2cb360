{{/* ---------- which gateway ---------- */}}

{{/* Where in .Values.gateways the settings of this gateway are. It is also the gateway's name, unless they hold another. */}}
{{- define "gateway.key" -}}
{{- $role := .Values.gatewayRole | default "ingress" }}
{{- if not (has $role (list "ingress" "egress")) }}
{{- fail (printf "gatewayRole=%v: expected ingress or egress" $role) }}
{{- end }}
{{- printf "istio-%sgateway" $role }}
{{- end }}

{{- define "gateway.name" -}}
{{- $key := include "gateway.key" . }}
{{- (get (.Values.gateways | default dict) $key | default dict).name | default $key }}
{{- end }}

{{- define "gateway.serviceAccountName" -}}
{{ include "gateway.name" . }}-service-account
{{- end }}

{{/* The control plane's revision as a suffix of names: "-canary", or nothing for the default one. */}}
{{- define "gateway.revisionSuffix" -}}
{{- with .Values.revision }}-{{ . }}{{ end }}
{{- end }}

{{- define "gateway.meshNamespace" -}}
{{- (.Values.global).istioNamespace | default .Release.Namespace }}
{{- end }}

{{/* ---------- what to render: each is "true" or empty ---------- */}}

{{- define "gateway.rendersNamespacedObjects" -}}
{{- if ne (.Values.global).resourceScope "cluster" }}true{{ end }}
{{- end }}

{{/* Takes the settings. Are there certainly two replicas, so that one can be spared? */}}
{{- define "gateway.isReplicated" -}}
{{- $replicas := ternary .autoscaleMin .replicaCount (eq .autoscaleEnabled true) }}
{{- if gt (int $replicas) 1 }}true{{ end }}
{{- end }}

{{- define "gateway.isOpenShift" -}}
{{- if eq ((.Values.global).platform | default .Values.platform | default "") "openshift" }}true{{ end }}
{{- end }}

{{/* ---------- labels ---------- */}}

{{- define "gateway.labels" -}}
app.kubernetes.io/name: {{ include "gateway.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
operator.istio.io/component: {{ ternary "EgressGateways" "IngressGateways" (eq .Values.gatewayRole "egress") }}
release: {{ .Release.Name }}
istio.io/rev: {{ .Values.revision | default "default" | quote }}
{{- end }}

{{/* The labels that tell this gateway from others, by which it finds its pods. */}}
{{- define "gateway.selectorLabels" -}}
{{- $key := include "gateway.key" . }}
{{- $settings := get (.Values.gateways | default dict) $key | default dict }}
{{- $labels := $settings.labels | default (dict "app" $key "istio" (trimPrefix "istio-" $key)) }}
{{- include "gateway.stringMap" (list $labels) }}
{{- end }}

{{/* Labels of what belongs to this gateway: all of the above. */}}
{{- define "gateway.allLabels" -}}
{{ include "gateway.stringMap" (list (include "gateway.labels" . | fromYaml) (include "gateway.selectorLabels" . | fromYaml)) }}
{{- end }}

{{/* ---------- values as YAML ---------- */}}

{{/* A scalar as text: what a string says, true, 1000000 (never 1e+06). */}}
{{- define "gateway.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end }}
{{- end }}

{{/* Takes a list of maps; later ones win, null drops a key, and values become strings. For labels and annotations. */}}
{{- define "gateway.stringMap" -}}
{{- $out := dict }}
{{- range $map := . }}
  {{- range $key, $value := $map }}
    {{- if kindIs "invalid" $value }}
      {{- $_ := unset $out $key }}
    {{- else }}
      {{- $_ := set $out $key (include "gateway.text" $value) }}
    {{- end }}
  {{- end }}
{{- end }}
{{- toYaml $out }}
{{- end }}

{{/* Takes resources {requests, limits} and drops what is null. */}}
{{- define "gateway.resources" -}}
{{- $out := dict }}
{{- range $kind, $amounts := . }}
  {{- $kept := dict }}
  {{- range $name, $amount := $amounts }}
    {{- if not (kindIs "invalid" $amount) }}{{ $_ := set $kept $name $amount }}{{ end }}
  {{- end }}
  {{- if $kept }}{{ $_ := set $out $kind $kept }}{{ end }}
{{- end }}
{{- if $out }}{{ toYaml $out }}{{ end }}
{{- end }}

{{/* Takes a list, or its entries as a text with commas. */}}
{{- define "gateway.list" -}}
{{- if kindIs "string" . }}{{ . | nospace | splitList "," | toYaml }}{{ else }}{{ toYaml . }}{{ end }}
{{- end }}

{{/* ---------- scheduling ---------- */}}

{{/* Node affinity from global.arch, and distance to other pods; empty when nothing is asked for. */}}
{{- define "gateway.affinity" -}}
{{- $settings := get (.Values.gateways | default dict) (include "gateway.key" .) | default dict }}
{{- $affinity := dict }}
{{- $required := list }}
{{- $preferred := list }}
{{- range $arch, $weight := (.Values.global).arch }}
  {{- if gt (int $weight) 0 }}
    {{- $required = append $required $arch }}
    {{- $match := dict "key" "kubernetes.io/arch" "operator" "In" "values" (list $arch) }}
    {{- $preferred = append $preferred (dict "weight" (int $weight) "preference" (dict "matchExpressions" (list $match))) }}
  {{- end }}
{{- end }}
{{- if $required }}
  {{- $match := dict "key" "kubernetes.io/arch" "operator" "In" "values" $required }}
  {{- $terms := dict "nodeSelectorTerms" (list (dict "matchExpressions" (list $match))) }}
  {{- $_ := set $affinity "nodeAffinity" (dict
    "requiredDuringSchedulingIgnoredDuringExecution" $terms
    "preferredDuringSchedulingIgnoredDuringExecution" $preferred) }}
{{- end }}
{{- $apart := dict }}
{{- with $settings.podAntiAffinityLabelSelector }}
  {{- $_ := set $apart "requiredDuringSchedulingIgnoredDuringExecution" (include "gateway.podTerms" . | fromYamlArray) }}
{{- end }}
{{- with $settings.podAntiAffinityTermLabelSelector }}
  {{- $weighted := list }}
  {{- range include "gateway.podTerms" . | fromYamlArray }}
    {{- $weighted = append $weighted (dict "weight" 100 "podAffinityTerm" .) }}
  {{- end }}
  {{- $_ := set $apart "preferredDuringSchedulingIgnoredDuringExecution" $weighted }}
{{- end }}
{{- with $apart }}{{ $_ := set $affinity "podAntiAffinity" . }}{{ end }}
{{- if $affinity }}{{ toYaml $affinity }}{{ end }}
{{- end }}

{{/* Takes a list of {key, operator, values, topologyKey, namespaces}; gives pod affinity terms. */}}
{{- define "gateway.podTerms" -}}
{{- range . }}
- topologyKey: {{ .topologyKey | quote }}
  {{- with .namespaces }}
  namespaces:
  {{- include "gateway.list" . | nindent 2 }}
  {{- end }}
  labelSelector:
    matchExpressions:
    - key: {{ .key | quote }}
      operator: {{ .operator }}
      {{- with .values }}
      values:
      {{- include "gateway.list" . | nindent 6 }}
      {{- end }}
{{- end }}
{{- end }}

{{/* ---------- the proxy container ---------- */}}

{{- define "gateway.image" -}}
{{- $settings := get (.Values.gateways | default dict) (include "gateway.key" .) | default dict }}
{{- $global := .Values.global | default dict }}
{{- $image := ($global.proxy).image | default "proxyv2" }}
{{- if contains "/" $image }}
{{- $image }}
{{- else }}
{{- $tag := include "gateway.text" ($settings.tag | default $global.tag) }}
{{- printf "%s/%s:%s" ($settings.hub | default $global.hub) $image $tag }}{{ with $global.variant }}-{{ . }}{{ end }}
{{- end }}
{{- end }}

{{/* Takes the settings. */}}
{{- define "gateway.containerSecurityContext" -}}
{{- if not .runAsRoot }}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
{{- end }}

{{/* One container port for each Service port, and one for metrics. */}}
{{- define "gateway.containerPorts" -}}
{{- $settings := get (.Values.gateways | default dict) (include "gateway.key" .) | default dict }}
{{- range $settings.ports }}
{{- if not .port }}
{{- fail (printf "gateways.%s.ports: %s has no port; a list of ports replaces the default one as a whole" (include "gateway.key" $) (toJson .)) }}
{{- end }}
{{- $target := .targetPort | default .port }}
{{- if regexMatch "^[0-9]+$" (include "gateway.text" $target) }}
- containerPort: {{ $target }}
{{- else }}
- containerPort: {{ .port }}
  name: {{ $target }}
{{- end }}
  protocol: {{ .protocol | default "TCP" }}
{{- end }}
- containerPort: 15090
  name: http-envoy-prom
  protocol: TCP
{{- end }}

{{/* What the proxy is told through its environment. */}}
{{- define "gateway.builtinEnv" -}}
{{- $settings := get (.Values.gateways | default dict) (include "gateway.key" .) | default dict }}
{{- $global := .Values.global | default dict }}
{{- $trustDomain := (.Values.meshConfig).trustDomain | default "cluster.local" }}
{{- $istiod := printf "istiod%s.%s.svc:15012" (include "gateway.revisionSuffix" .) (include "gateway.meshNamespace" .) }}
- name: PILOT_CERT_PROVIDER
  value: {{ $global.pilotCertProvider | default "istiod" | quote }}
- name: CA_ADDR
  value: {{ $global.caAddress | default $istiod | quote }}
- name: NODE_NAME
  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: spec.nodeName}}
- name: POD_NAME
  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.name}}
- name: POD_NAMESPACE
  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}
- name: INSTANCE_IP
  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.podIP}}
- name: HOST_IP
  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.hostIP}}
- name: ISTIO_CPU_LIMIT
  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}
- name: SERVICE_ACCOUNT
  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}
- name: ISTIO_META_WORKLOAD_NAME
  value: {{ include "gateway.name" . | quote }}
- name: ISTIO_META_OWNER
  value: kubernetes://apis/apps/v1/namespaces/{{ .Release.Namespace }}/deployments/{{ include "gateway.name" . }}
- name: ISTIO_META_MESH_ID
  value: {{ $global.meshID | default $trustDomain | quote }}
- name: TRUST_DOMAIN
  value: {{ $trustDomain | quote }}
{{- if not $settings.runAsRoot }}
- name: ISTIO_META_UNPRIVILEGED_POD
  value: "true"
{{- end }}
{{- with $global.network }}
- name: ISTIO_META_NETWORK
  value: {{ . | quote }}
{{- end }}
- name: ISTIO_META_CLUSTER_ID
  value: {{ ($global.multiCluster).clusterName | default "Kubernetes" | quote }}
- name: ISTIO_META_NODE_NAME
  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
{{- end }}

{{/* The whole environment: the gateway's own settings before the mesh's proxy metadata before what the chart sets. */}}
{{- define "gateway.env" -}}
{{- $settings := get (.Values.gateways | default dict) (include "gateway.key" .) | default dict }}
{{- $own := merge dict ($settings.env | default dict) (((.Values.meshConfig).defaultConfig).proxyMetadata | default dict) }}
{{- $env := list }}
{{- range include "gateway.builtinEnv" . | fromYamlArray }}
  {{- if not (hasKey $own .name) }}{{ $env = append $env . }}{{ end }}
{{- end }}
{{- range $name, $value := $own }}
  {{- if not (kindIs "invalid" $value) }}{{ $env = append $env (dict "name" $name "value" (include "gateway.text" $value)) }}{{ end }}
{{- end }}
{{- toYaml $env }}
{{- end }}

{{/* Mounts of the Secrets and ConfigMaps the user names, and the volumes for them. */}}
{{- define "gateway.userMounts" -}}
{{- $settings := get (.Values.gateways | default dict) (include "gateway.key" .) | default dict }}
{{- range concat ($settings.secretVolumes | default list) ($settings.configVolumes | default list) }}
- name: {{ .name }}
  mountPath: {{ .mountPath | quote }}
  readOnly: true
{{- end }}
{{- end }}

{{- define "gateway.userVolumes" -}}
{{- $settings := get (.Values.gateways | default dict) (include "gateway.key" .) | default dict }}
{{- range $settings.secretVolumes }}
- name: {{ .name }}
  secret:
    secretName: {{ .secretName | quote }}
    optional: true
{{- end }}
{{- range $settings.configVolumes }}
- name: {{ .name }}
  configMap:
    name: {{ .configMapName | quote }}
    optional: true
{{- end }}
{{- end }}

{{/* The proxy's container and its volumes, for a gateway that is not injected. */}}
{{- define "gateway.proxyContainer" -}}
{{- $settings := get (.Values.gateways | default dict) (include "gateway.key" .) | default dict }}
{{- $global := .Values.global | default dict }}
- name: istio-proxy
  image: {{ include "gateway.image" . | quote }}
  {{- with $global.imagePullPolicy }}
  imagePullPolicy: {{ . }}
  {{- end }}
  args:
  - proxy
  - router
  - --domain
  - $(POD_NAMESPACE).svc.{{ ($global.proxy).clusterDomain | default "cluster.local" }}
  {{- with ($global.proxy).logLevel }}
  - --proxyLogLevel={{ . }}
  {{- end }}
  {{- with ($global.proxy).componentLogLevel }}
  - --proxyComponentLogLevel={{ . }}
  {{- end }}
  {{- with ($global.logging).level }}
  - --log_output_level={{ . }}
  {{- end }}
  {{- if $global.logAsJson }}
  - --log_as_json
  {{- end }}
  {{- with ($global.sts).servicePort }}
  - --stsPort={{ . }}
  {{- end }}
  ports:
  {{- include "gateway.containerPorts" . | trim | nindent 2 }}
  readinessProbe:
    httpGet:
      scheme: HTTP
      path: /healthz/ready
      port: 15021
    initialDelaySeconds: 1
    periodSeconds: 2
    timeoutSeconds: 1
    successThreshold: 1
    failureThreshold: 30
  env:
  {{- include "gateway.env" . | nindent 2 }}
  {{- with include "gateway.resources" ($settings.resources | default $global.defaultResources) }}
  resources:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with include "gateway.containerSecurityContext" $settings | trim }}
  securityContext:
    {{- . | nindent 4 }}
  {{- end }}
  volumeMounts:
  - {name: workload-socket, mountPath: /var/run/secrets/workload-spiffe-uds}
  - {name: credential-socket, mountPath: /var/run/secrets/credential-uds}
  - {name: workload-certs, mountPath: /var/run/secrets/workload-spiffe-credentials}
  - {name: istio-envoy, mountPath: /etc/istio/proxy}
  - {name: istio-data, mountPath: /var/lib/istio/data}
  - {name: config-volume, mountPath: /etc/istio/config}
  {{- if eq ($global.pilotCertProvider | default "istiod") "istiod" }}
  - {name: istiod-ca-cert, mountPath: /var/run/secrets/istio}
  {{- end }}
  - {name: istio-token, mountPath: /var/run/secrets/tokens, readOnly: true}
  - {name: podinfo, mountPath: /etc/istio/pod}
  {{- if $global.mountMtlsCerts }}
  - {name: istio-certs, mountPath: /etc/certs, readOnly: true}
  {{- end }}
  {{- with include "gateway.userMounts" . | trim }}{{ . | nindent 2 }}{{ end }}
{{- end }}

{{- define "gateway.proxyVolumes" -}}
{{- $global := .Values.global | default dict }}
{{- range list "workload-socket" "credential-socket" "workload-certs" "istio-envoy" "istio-data" }}
- name: {{ . }}
  emptyDir: {}
{{- end }}
- name: config-volume
  configMap:
    name: istio{{ include "gateway.revisionSuffix" . }}
    optional: true
{{- if eq ($global.pilotCertProvider | default "istiod") "istiod" }}
- name: istiod-ca-cert
  {{- if eq (toString ((.Values.pilot).env).ENABLE_CLUSTER_TRUST_BUNDLE_API) "true" }}
  projected:
    sources:
    - clusterTrustBundle:
        name: istio.io:istiod-ca:{{ $global.trustBundleName | default "root-cert" }}
        path: root-cert.pem
  {{- else }}
  configMap:
    name: {{ $global.trustBundleName | default "istio-ca-root-cert" }}
  {{- end }}
{{- end }}
- name: istio-token
  projected:
    sources:
    - serviceAccountToken:
        audience: {{ (($global.sds).token).aud | default "istio-ca" }}
        expirationSeconds: 43200
        path: istio-token
- name: podinfo
  downwardAPI:
    items:
    - {path: labels, fieldRef: {fieldPath: metadata.labels}}
    - {path: annotations, fieldRef: {fieldPath: metadata.annotations}}
{{- if $global.mountMtlsCerts }}
- name: istio-certs
  secret:
    secretName: istio.{{ include "gateway.serviceAccountName" . }}
    optional: true
{{- end }}
{{- end }}

{{/* The container of an injected gateway: only what the injection template cannot know. */}}
{{- define "gateway.injectedContainer" -}}
{{- $settings := get (.Values.gateways | default dict) (include "gateway.key" .) | default dict }}
- name: istio-proxy
  # Filled in by injection.
  image: auto
  ports:
  {{- include "gateway.containerPorts" . | trim | nindent 2 }}
  {{- with $settings.env }}
  env:
  {{- range $name, $value := . }}
  - name: {{ $name }}
    value: {{ include "gateway.text" $value | quote }}
  {{- end }}
  {{- end }}
  {{- with include "gateway.resources" ($settings.resources | default (.Values.global).defaultResources) }}
  resources:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with include "gateway.containerSecurityContext" $settings | trim }}
  securityContext:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with include "gateway.userMounts" . | trim }}
  volumeMounts:
  {{- . | nindent 2 }}
  {{- end }}
{{- end }}
