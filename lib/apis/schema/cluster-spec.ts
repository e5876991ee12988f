import {
  anything,
  flag,
  immutable,
  integer,
  list,
  object,
  text,
  type Rule,
  type Schema,
} from './schema.ts';
import { identity } from './identity.ts';
import { kubernetes } from './kubernetes.ts';
import { machine, nodePools } from './machine.ts';
import { profiles, ssh } from './access.ts';
import { sealed } from './sealed.ts';
import { upgrade } from './upgrade.ts';

/** CloudSchema is what one cloud adds to the claim: its block and rules over the whole spec. */
export interface CloudSchema {
  readonly block: Schema;
  readonly specRules: readonly Rule[];
}

function cloud(clouds: Readonly<Record<string, CloudSchema>>): Schema {
  const names = Object.keys(clouds);
  const blocks = Object.fromEntries(names.map((name) => [name, clouds[name]?.block ?? {}]));
  const rules = names.map((name) => ({
    rule: `has(self.${name}) == (self.provider == '${name}')`,
    message: `cloud.${name} must be there exactly when cloud.provider is ${name}: write the block that provider names, and no other`,
  }));
  return object(
    'Where the machines are made.',
    {
      provider: text('Name of the cloud; the block of the same name describes it.', {
        enum: names,
        rules: [immutable('cloud.provider')],
      }),
      identityRef: identity(
        'Identity with which machines are made, by reference: a credential never stands in a claim. Default: the identity of the infrastructure provider itself.',
      ),
      workloadIdentityRef: identity(
        'A narrower identity for the cluster itself to use after the pivot. Default: identityRef.',
      ),
      ...blocks,
    },
    { required: ['provider'], rules },
  );
}

const controlPlane = object(
  'The machines that run the Kubernetes control plane.',
  {
    replicas: integer('How many control plane machines; the first one starts alone.', {
      default: 3,
      rules: [
        {
          rule: 'self in [1, 3, 5]',
          message: 'controlPlane.replicas: etcd needs an odd number of members, write 1, 3 or 5',
        },
      ],
    }),
    machine: machine('the control plane machines'),
    failureDomains: list(
      'Failure domains (zones) to spread over. Default: all of the cloud.',
      text('Name of a failure domain.'),
      { maxItems: 9 },
    ),
    endpoint: object(
      'Address of the API server, where the cloud does not make one (vSphere: a free IP in the network of the machines).',
      {
        host: text('Host name or IP.'),
        port: integer('Port.', { minimum: 1, maximum: 65535, default: 6443 }),
      },
      { required: ['host'], rules: [immutable('controlPlane.endpoint')] },
    ),
    schedulable: flag(
      'Whether ordinary Pods may run on control plane machines. The first machine carries everything until workers are there, so false needs node pools.',
      { default: true },
    ),
  },
  { default: {} },
);

const agent = object(
  'The agent inside the cluster.',
  {
    tokenDays: integer(
      'How long its token to the management side lives, which is how long it may be cut off; the API server may cap it.',
      { minimum: 1, maximum: 365, default: 30 },
    ),
    pauseUpgrades: flag('Keep agent and Cluster API providers in the cluster at their versions.', {
      default: false,
    }),
    imageMirror: text('Registry prefix from which all images of agent and providers are taken.', {
      maxLength: 512,
    }),
    kubeconfigSecretRef: object(
      'Secret in the namespace of the claim with the kubeconfig by which the management side reaches the cluster, where that is not the one that Cluster API makes (a private address behind a proxy, a narrower user).',
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
  'Merge patches (RFC 7386) on generated objects, for what the claim has no field for. Identity, owner, pause, endpoint and replicas can not be patched.',
  object(
    'One patch.',
    {
      kind: text('Kind of the generated object, for example KubeadmControlPlane.'),
      nodePool: text('Only the object of this node pool.', { maxLength: 30 }),
      patch: anything('The patch.'),
    },
    { required: ['kind', 'patch'] },
  ),
  { maxItems: 32 },
);

/** clusterSpec is `ManagedCluster.spec`, the same in both API groups. */
export function clusterSpec(clouds: Readonly<Record<string, CloudSchema>>): Schema {
  const spec = object(
    'What the cluster shall be.',
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
            'Replace control plane machines this many days before their certificates end.',
            { minimum: 7, maximum: 360, default: 30 },
          ),
        },
        { default: {} },
      ),
      agent,
      deletionPolicy: text(
        'Delete removes all machines when this object is deleted; Orphan leaves the cluster running by itself.',
        { enum: ['Delete', 'Orphan'], default: 'Delete' },
      ),
      overrides,
      paused: flag('Stops all changes to the cluster until it is false again.', { default: false }),
    },
    {
      required: ['kubernetes', 'cloud'],
      rules: Object.values(clouds).flatMap((one) => one.specRules),
    },
  );
  return sealed(spec);
}
