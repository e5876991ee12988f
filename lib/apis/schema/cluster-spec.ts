import {
  anything,
  flag,
  immutable,
  integer,
  list,
  object,
  text,
  unchanged,
  type Rule,
  type Schema,
} from './schema.ts';
import { identity } from './identity.ts';
import { kubernetes } from './kubernetes.ts';
import { machine, nodePools } from './machine.ts';
import { profiles, ssh } from './access.ts';
import { sealed } from './sealed.ts';
import { upgrade } from './upgrade.ts';

/** CloudSchema is what a cloud adds to the claim: its block, and rules for the whole spec. */
export interface CloudSchema {
  readonly block: Schema;
  readonly specRules: readonly Rule[];
}

/** The block with a pattern on each text: what a cloud is given ends up in files and units of machines. */
function oneLine(schema: Schema): Schema {
  const { type, enum: values, pattern, properties, items, additionalProperties } = schema;
  if (type === 'string') {
    return values === undefined && pattern === undefined
      ? { ...schema, pattern: ONE_LINE }
      : schema;
  }
  const fields = Object.entries(properties ?? {}).map(([name, field]) => [name, oneLine(field)]);
  return {
    ...schema,
    ...(properties === undefined ? {} : { properties: Object.fromEntries(fields) }),
    ...(items === undefined ? {} : { items: oneLine(items) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: oneLine(additionalProperties) }),
  };
}

/** Text without control characters. */
const ONE_LINE = '^[^\\x00-\\x1f\\x7f]*$';

function cloud(clouds: Readonly<Record<string, CloudSchema>>): Schema {
  const names = Object.keys(clouds);
  const blocks = Object.fromEntries(
    names.map((name) => [name, oneLine(clouds[name]?.block ?? {})]),
  );
  const rules = names.map((name) => ({
    rule: `has(self.${name}) == (self.provider == '${name}')`,
    message: `cloud.${name} must be set if and only if cloud.provider is ${name}: set the block of the provider, and no other`,
  }));
  return object(
    'Cloud in which the machines are created.',
    {
      provider: text('Name of the cloud; the block with the same name configures it.', {
        enum: names,
        rules: [immutable('cloud.provider')],
      }),
      identityRef: identity(
        'Reference to the identity that creates the machines; a claim never contains a credential. The owner of the identity must allow this (docs/claim.md). Default: the identity of the infrastructure provider itself.',
      ),
      workloadIdentityRef: identity(
        'Reference to an identity with fewer permissions, which the cluster itself uses after the pivot; administrators of the cluster can read it. Default: identityRef.',
      ),
      ...blocks,
    },
    { required: ['provider'], rules },
  );
}

const controlPlane = object(
  'Machines that run the Kubernetes control plane.',
  {
    replicas: integer('Number of control plane machines; the first one is created alone.', {
      default: 3,
      rules: [
        {
          rule: 'self in [1, 3, 5]',
          message: 'controlPlane.replicas: etcd needs an odd number of members, use 1, 3 or 5',
        },
      ],
    }),
    machine: machine('the control plane machines'),
    failureDomains: list(
      'Failure domains (zones) to spread the machines over. Default: all failure domains of the cloud.',
      text('Name of a failure domain.'),
      { maxItems: 9 },
    ),
    endpoint: object(
      'Endpoint of the API server, for clouds that do not create one (vSphere: a free IP address in the network of the machines).',
      {
        host: text('Host name or IP address.'),
        port: integer('Port.', { minimum: 1, maximum: 65535, default: 6443 }),
      },
      { required: ['host'], rules: [immutable('controlPlane.endpoint')] },
    ),
    schedulable: flag(
      'Whether ordinary Pods can run on control plane machines. All Pods run on the first machine until workers exist, so false requires node pools.',
      { default: true },
    ),
  },
  { default: {} },
);

const agent = object(
  'Agent in the cluster.',
  {
    tokenDays: integer(
      'Lifetime in days of the token that the agent uses on the management side, and so the longest possible time without a connection; the API server can cap it.',
      { minimum: 1, maximum: 365, default: 30 },
    ),
    pauseUpgrades: flag('Do not upgrade the agent and the Cluster API providers in the cluster.', {
      default: false,
    }),
    revoked: flag(
      'Cut the cluster off from the management side: the identity of its agent is removed, with its tokens, and not created again until this is false. The cluster keeps running and manages itself. It takes effect also while the claim is paused or refused.',
    ),
    imageMirror: text(
      'Registry prefix for all images of the agent and the providers. An administrator must allow it (flag --image-mirrors of the provider).',
      { maxLength: 512 },
    ),
    kubeconfigSecretRef: object(
      'Secret in the namespace of the claim with the kubeconfig that the management side uses to reach the cluster, if it differs from the one that Cluster API creates (a private address behind a proxy, a user with fewer permissions). The annotation managedcluster.io/usable-by of the Secret must list this cluster.',
      {
        name: text('Name of the Secret.', { maxLength: 253 }),
        key: text('Key in the Secret.', { default: 'value', maxLength: 253 }),
      },
      { required: ['name'] },
    ),
  },
  { default: {} },
);

const overrides = list(
  'Merge patches (RFC 7386) for generated objects, for settings without a field in the claim. Identity, owner, pause, endpoint and replicas cannot be patched.',
  object(
    'A merge patch.',
    {
      kind: text('Kind of the generated object, for example KubeadmControlPlane.'),
      nodePool: text('Patch only the object of this node pool.', { maxLength: 30 }),
      patch: anything('Content of the patch.'),
    },
    { required: ['kind', 'patch'] },
  ),
  { maxItems: 32 },
);

const ADOPTION_RULES = [
  {
    rule: '!has(self.adoptFrom) || has(self.agent.kubeconfigSecretRef)',
    message: 'spec.adoptFrom needs spec.agent.kubeconfigSecretRef: the kubeconfig of the cluster',
  },
  // Without it a cluster would be created; with it, one that is being created would be left as it is.
  unchanged('adoptFrom', 'delete this object and create it again'),
];

/** clusterSpec is `ManagedCluster.spec`, the same in both API groups. */
export function clusterSpec(clouds: Readonly<Record<string, CloudSchema>>): Schema {
  const spec = object(
    'Desired state of the cluster.',
    {
      kubernetes,
      cloud: cloud(clouds),
      controlPlane,
      nodePools,
      ssh,
      profiles,
      upgrade,
      certificates: object(
        'Certificates of the control plane.',
        {
          renewBeforeDays: integer(
            'Number of days before the expiry of their certificates when control plane machines are replaced.',
            { minimum: 7, maximum: 360, default: 30 },
          ),
        },
        { default: {} },
      ),
      agent,
      deletionPolicy: text(
        'What happens to the cluster when this object is deleted: Delete removes all machines; Orphan leaves the cluster running and self-managed.',
        { enum: ['Delete', 'Orphan'], default: 'Delete' },
      ),
      overrides,
      adoptFrom: text(
        'Manage a cluster of this name and namespace that exists and manages itself already, instead of creating one: its management side was lost or rebuilt, or the cluster moves to this one. The value is the uid of the namespace kube-system of the management side that the cluster belongs to (annotation managedcluster.io/management on its Cluster). It is reached with spec.agent.kubeconfigSecretRef. No machine is created or replaced, and the cluster follows this object as soon as it asks for what the cluster has. It cannot be changed later. Setting it needs the verb adopt on clusters.m.managedcluster.io.',
        { maxLength: 64 },
      ),
      paused: flag('Stop all changes to the cluster until this is false again.', {
        default: false,
      }),
    },
    {
      required: ['kubernetes', 'cloud'],
      rules: [...Object.values(clouds).flatMap((one) => one.specRules), ...ADOPTION_RULES],
    },
  );
  return sealed(spec);
}
