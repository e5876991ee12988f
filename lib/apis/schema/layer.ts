import { anything, flag, integer, list, object, type Rule, type Schema, text } from './schema.ts';

/** A rule that a text matches an RE2 pattern. None of these texts can begin with a dash: Helm would read a flag. */
function matching(pattern: string, message: string): { readonly rules: readonly Rule[] } {
  return { rules: [{ rule: `self.matches('${pattern}')`, message }] };
}

const DNS_LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';

const helm = object(
  'A Helm chart.',
  {
    chart: text(
      'Name of the chart.',
      matching(
        '^[A-Za-z0-9][A-Za-z0-9._/-]*$',
        'helm.chart must be the name of a chart, for example cilium',
      ),
    ),
    repository: text('URL of the repository (https or oci).', {
      maxLength: 512,
      ...matching(
        '^(https?|oci)://[A-Za-z0-9.:_/%~+-]+$',
        'helm.repository must be an https or oci URL without a user, for example https://charts.example.com',
      ),
    }),
    plainHTTP: flag(
      'Use the repository without TLS: http:// URLs, and oci registries without a certificate. Nothing proves where its charts come from, and they are installed with all permissions. Only for tests.',
    ),
    version: text('Exact version of the chart.', {
      maxLength: 64,
      ...matching(
        '^v?[0-9][0-9A-Za-z.+-]*$',
        'helm.version must be an exact version, for example 1.2.0',
      ),
    }),
    releaseName: text('Name of the release. Default: the name of the layer.', {
      maxLength: 53,
      ...matching(
        DNS_LABEL,
        'helm.releaseName must consist of lower-case letters, digits and dashes, for example cilium',
      ),
    }),
    namespace: text('Namespace of the release.', {
      maxLength: 63,
      ...matching(DNS_LABEL, 'helm.namespace must be the name of a namespace'),
    }),
    values: anything(
      'Values of the chart; ${name} in a value is replaced by that variable of the profile, and a value that is only ${name} gets its type.',
    ),
  },
  {
    required: ['chart', 'version', 'namespace'],
    rules: [
      {
        rule: "!has(self.repository) || !self.repository.startsWith('http://') || (has(self.plainHTTP) && self.plainHTTP)",
        message:
          'helm.repository is an http:// URL, over which charts can be replaced: use https or oci, or set helm.plainHTTP: true for a test',
      },
    ],
  },
);

const TYPE =
  'Type of the layer: os, k8s, cni, csi and ccm are installed before the pivot, addon after it.';
const PRIORITY =
  'Layers are installed from the lowest priority to the highest, layers of equal priority together; each priority waits until all layers before it are ready.';

/** layer is one unit of installation, as declared in a profile and copied into a plan. */
export function layer(extra: Readonly<Record<string, Schema>> = {}): Schema {
  return object(
    'A unit of installation: manifests or a Helm chart.',
    {
      name: text('Name of the layer.', {
        maxLength: 63,
        rules: [
          {
            rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
            message:
              'the name of a layer must consist of lower-case letters, digits and dashes, for example cilium',
          },
        ],
      }),
      type: text(TYPE, { enum: ['os', 'k8s', 'cni', 'csi', 'ccm', 'addon'] }),
      installPriority: integer(PRIORITY, { minimum: 0, maximum: 10000, default: 100 }),
      manifests: text(
        'Kubernetes manifests as YAML; ${name} in a value is replaced by that variable of the profile: it is always text, except where it is the whole value, without quotes, and the variable is an integer or a boolean.',
        {
          maxLength: 262144,
        },
      ),
      helm,
      prune: text(
        'Which objects are deleted when the layer is removed, or no longer contains them. Safe (default): all objects except Namespaces, CustomResourceDefinitions, PersistentVolumeClaims, PersistentVolumes and StorageClasses, which are kept because other data can depend on them. Everything: these objects too. Objects with an annotation to keep them (managedcluster.io/prune: disabled, or the annotations of Helm, Flux and Argo CD) are always kept.',
        { enum: ['Safe', 'Everything'] },
      ),
      ...extra,
    },
    {
      required: ['name', 'type'],
      rules: [
        {
          rule: 'has(self.manifests) != has(self.helm)',
          messageExpression: "'layer ' + self.name + ': set exactly one of manifests and helm'",
        },
      ],
    },
  );
}

/** secretVariables are the sensitive variables of a layer: references to their values. */
export const secretVariables: Schema = list(
  'Sensitive variables; the agent inserts their values, which are never stored in a plan.',
  object(
    'A sensitive variable.',
    {
      name: text('Name of the variable.', { maxLength: 63 }),
      secretKeyRef: object(
        'Reference to the value on the management side.',
        { name: text('Name of the Secret.'), key: text('Key in the Secret.') },
        { required: ['name', 'key'] },
      ),
    },
    { required: ['name', 'secretKeyRef'] },
  ),
);
