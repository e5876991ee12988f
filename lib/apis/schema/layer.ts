import { anything, integer, object, text, list, type Schema } from './schema.ts';

const helm = object(
  'A Helm chart.',
  {
    chart: text('Name of the chart.'),
    repository: text('URL of the repository (https or oci).', { maxLength: 512 }),
    version: text('Version of the chart, exact.', { maxLength: 64 }),
    releaseName: text('Name of the release. Default: name of the layer.', { maxLength: 53 }),
    namespace: text('Namespace of the release.', { maxLength: 63 }),
    values: anything('Values of the chart; ${name} stands for a variable of the profile.'),
  },
  { required: ['chart', 'version', 'namespace'] },
);

/** layer is one thing that is installed, as a profile declares it and a plan carries it. */
export function layer(extra: Readonly<Record<string, Schema>> = {}): Schema {
  return object(
    'One thing to install: manifests or a Helm chart.',
    {
      name: text('Name of the layer.', {
        maxLength: 63,
        rules: [
          {
            rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
            message:
              'a layer is named in lower-case letters, digits and dashes, for example cilium',
          },
        ],
      }),
      type: text('What it is: os, k8s, cni, csi and ccm are there before the pivot, addon after.', {
        enum: ['os', 'k8s', 'cni', 'csi', 'ccm', 'addon'],
      }),
      installPriority: integer('Lowest first; equal ones together; the next when all are ready.', {
        minimum: 0,
        maximum: 10000,
        default: 100,
      }),
      manifests: text(
        'Kubernetes manifests as YAML; ${name} stands for a variable of the profile.',
        {
          maxLength: 262144,
        },
      ),
      helm,
      prune: text(
        'What is deleted when the layer is removed, or no longer has an object. Safe (default): everything but Namespaces, CustomResourceDefinitions, PersistentVolumeClaims, PersistentVolumes and StorageClasses, on which data of others can hang; these stay. Everything: these too. What has an annotation that says keep (managedcluster.io/prune: disabled, or those of Helm, Flux and Argo CD) stays in any case.',
        { enum: ['Safe', 'Everything'] },
      ),
      ...extra,
    },
    {
      required: ['name', 'type'],
      rules: [
        {
          rule: 'has(self.manifests) != has(self.helm)',
          messageExpression: "'layer ' + self.name + ': write exactly one of manifests and helm'",
        },
      ],
    },
  );
}

/** secretVariables are the sensitive variables of a layer: where the agent finds their values. */
export const secretVariables: Schema = list(
  'Sensitive variables: the agent puts their values in; they never stand in a plan.',
  object(
    'One sensitive variable.',
    {
      name: text('Name of the variable.', { maxLength: 63 }),
      secretKeyRef: object(
        'Where its value is kept on the management side.',
        { name: text('Name of the Secret.'), key: text('Key in the Secret.') },
        { required: ['name', 'key'] },
      ),
    },
    { required: ['name', 'secretKeyRef'] },
  ),
);
