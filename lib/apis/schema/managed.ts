import {
  anything,
  conditions,
  flag,
  integer,
  list,
  object,
  text,
  time,
  type Schema,
} from './schema.ts';
import { identity } from './identity.ts';

const clusterName = text('Name of the Cluster API Cluster, in the same namespace.');

const kubeconfigSecretRef = object(
  'Secret with the kubeconfig of the workload cluster, in the same namespace.',
  {
    name: text('Name of the Secret; the one that Cluster API makes is <cluster>-kubeconfig.'),
    key: text('Key in the Secret.', { default: 'value' }),
  },
  { required: ['name'] },
);

/** agentInstallationSpec is `AgentInstallation.spec`. */
export const agentInstallationSpec: Schema = object(
  'The agent and the Cluster API providers that go into the workload cluster.',
  {
    clusterName,
    kubeconfigSecretRef,
    cloud: object(
      'Cloud of the cluster, which says which credentials its providers need.',
      {
        provider: text('Name of the cloud.', { maxLength: 63 }),
        identityRef: identity('With which the providers in the cluster make machines.'),
        workloadIdentityRef: identity('A narrower one for the cluster itself, where there is one.'),
      },
      { required: ['provider'] },
    ),
    tokenDays: integer('Life of the token of the agent, in days.', { minimum: 1 }),
    pauseUpgrades: flag('Keep agent and providers at their versions.', { default: false }),
    imageMirror: text('Registry prefix from which all images are taken.', { maxLength: 512 }),
  },
  { required: ['clusterName', 'kubeconfigSecretRef', 'cloud'] },
);

/** agentInstallationStatus is `AgentInstallation.status`. */
export const agentInstallationStatus: Schema = object('State of the installation.', {
  conditions: conditions('Synced, Ready.'),
  parts: list(
    'Everything that is installed, part by part.',
    object(
      'One part.',
      {
        name: text('Name of the part.'),
        ready: flag('Whether it is there and works.'),
        reason: text('Why not.'),
        message: text('What is being waited for.', { maxLength: 1024 }),
      },
      { required: ['name', 'ready'] },
    ),
  ),
  clusterUID: text(
    'uid of namespace kube-system of the workload cluster: a kubeconfig that leads to another cluster later is refused.',
    { maxLength: 64 },
  ),
  agentVersion: text('Version of the agent that runs.', { maxLength: 64 }),
  providers: list(
    'Cluster API providers in the workload cluster.',
    object('One provider.', { name: text('Name.'), version: text('Version.', { maxLength: 64 }) }),
  ),
});

/** pivotSpec is `Pivot.spec`. */
export const pivotSpec: Schema = object(
  'Which cluster is handed over, and to whom.',
  {
    clusterName,
    kubeconfigSecretRef,
    direction: text('ToWorkload hands the cluster to itself, ToManagement takes it back.', {
      enum: ['ToWorkload', 'ToManagement'],
      default: 'ToWorkload',
    }),
    provider: text('Name of the cloud, which says what belongs to the cluster.', { maxLength: 63 }),
    abort: flag(
      'Give up before the commit and put everything back as it was; after the commit it has no effect. False again starts a new attempt.',
      { default: false },
    ),
    source: text(
      'What is taken back: the objects of the cluster itself, or their last known state (Escrow) when its API is dead for good. Only for ToManagement.',
      { enum: ['Cluster', 'Escrow'], default: 'Cluster' },
    ),
  },
  { required: ['clusterName', 'kubeconfigSecretRef'] },
);

const named = { kind: text('Kind.'), name: text('Name.') };

const moved = object('One object, in the namespace of the Pivot.', named, {
  required: ['kind', 'name'],
});

const skipped = object(
  'One object, in the namespace of the Pivot.',
  { ...named, reason: text('Why it is not moved.', { maxLength: 1024 }) },
  { required: ['kind', 'name'] },
);

/** pivotStatus is `Pivot.status`; the condition Committed never goes back, Released only by an abort before it. */
export const pivotStatus: Schema = object('Progress of the pivot.', {
  phase: text('The step that is under way.'),
  epoch: integer('Epoch of ownership that the pivot leads to.'),
  conditions: conditions('Synced, Ready, Released, Committed, Aborted.'),
  steps: list(
    'Steps of the protocol.',
    object(
      'One step.',
      {
        name: text('Name of the step.'),
        startTime: time('When it began.'),
        endTime: time('When it ended.'),
        message: text('What it waits for.', { maxLength: 1024 }),
      },
      { required: ['name'] },
    ),
  ),
  moved: list('Objects that move.', moved, { maxItems: 5000 }),
  skipped: list('Objects that stay, and why.', skipped, { maxItems: 5000 }),
  unmanagedSeconds: integer('Seconds in which nobody reconciled the cluster, rounded up.'),
  unmanagedMilliseconds: integer('The same in milliseconds.'),
  journal: anything('What the steps keep across restarts.'),
});
