{{/* The version of the product, without a v. */}}
{{- define "managed-cluster.version" -}}
{{ .Values.version | default .Chart.AppVersion }}
{{- end }}

{{- define "managed-cluster.labels" -}}
app.kubernetes.io/part-of: managed-cluster
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/instance: {{ .Release.Name }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* A generated file, with Crossplane's default namespace replaced by the namespace of the release. */}}
{{- define "managed-cluster.file" -}}
{{ .context.Files.Get .path | replace "namespace: crossplane-system" (printf "namespace: %s" .context.Release.Namespace) }}
{{- end }}

{{/*
The spec of a package: {context, name, values}. The chart's uninstallation leaves packages where they
are (the annotation), because Crossplane takes every ManagedCluster away with its definition.
*/}}
{{- define "managed-cluster.package" -}}
metadata:
  name: {{ .name }}
  labels:
    {{- include "managed-cluster.labels" .context | nindent 4 }}
  annotations:
    helm.sh/resource-policy: keep
spec:
  package: {{ .values.package | default (printf "%s/%s:v%s" .context.Values.registry .name (include "managed-cluster.version" .context)) }}
  packagePullPolicy: {{ .context.Values.packagePullPolicy }}
  {{- with .context.Values.packagePullSecrets }}
  packagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Runtime configuration of a package, from its file and the values: {context, name, values, args}. */}}
{{- define "managed-cluster.runtime" -}}
{{- $config := .context.Files.Get (printf "runtime/%s.yaml" .name) | fromYaml }}
{{- $deployment := $config.spec.deploymentTemplate.spec }}
{{- $container := first $deployment.template.spec.containers }}
{{- $_ := set $deployment "replicas" (int .values.replicas) }}
{{- with concat ($container.args | default list) .args .values.args }}
{{- $_ := set $container "args" . }}
{{- end }}
{{- with .values.resources }}
{{- $_ := set $container "resources" . }}
{{- end }}
{{- $_ := set $config.metadata "labels" (include "managed-cluster.labels" .context | fromYaml) }}
{{- toYaml $config }}
{{- end }}

{{/* PodDisruptionBudget, so that draining a node never evicts all replicas: {context, name}. */}}
{{- define "managed-cluster.budget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: managed-cluster-{{ .name }}
  namespace: {{ .context.Release.Namespace }}
  labels:
    {{- include "managed-cluster.labels" .context | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: managed-cluster-{{ .name }}
{{- end }}

{{/*
NetworkPolicy from its file and the peers that may connect: {context, name, peers}. An ingress rule
without peers would be for everybody, so there is none without them.
*/}}
{{- define "managed-cluster.network-policy" -}}
{{- $policy := .context.Files.Get (printf "network/%s.yaml" .name) | fromYaml }}
{{- $_ := set $policy.metadata "namespace" .context.Release.Namespace }}
{{- $_ := set $policy.metadata "labels" (include "managed-cluster.labels" .context | fromYaml) }}
{{- if .peers }}
{{- $_ := set (first $policy.spec.ingress) "from" .peers }}
{{- else }}
{{- $_ := set $policy.spec "ingress" list }}
{{- end }}
{{- toYaml $policy }}
{{- end }}
