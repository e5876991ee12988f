import {
  anything,
  conditions,
  flag,
  integer,
  list,
  object,
  OWN_CONDITIONS,
  text,
  time,
  unchanged,
  type Schema,
} from './schema.ts';
import { identity } from './identity.ts';

const clusterName = text('Name of the Cluster API Cluster, in the same namespace.');

const kubeconfigSecretRef = object(
  'Secret with the kubeconfig of the workload cluster, in the same namespace.',
  {
    name: text('Name of the Secret; Cluster API creates <cluster>-kubeconfig.'),
    key: text('Key in the Secret.', { default: 'value' }),
  },
  { required: ['name'] },
);

/** agentInstallationSpec is `AgentInstallation.spec`. */
export const agentInstallationSpec: Schema = object(
  'The agent and the Cluster API providers to install in the workload cluster.',
  {
    clusterName,
    kubeconfigSecretRef,
    cloud: object(
      'Cloud of the cluster; it determines which credentials the providers need.',
      {
        provider: text('Name of the cloud.', { maxLength: 63 }),
        identityRef: identity(
          'Reference to the identity that the providers in the cluster use to create machines.',
        ),
        workloadIdentityRef: identity(
          'Reference to an identity with fewer permissions for the cluster itself. Default: identityRef.',
        ),
      },
      { required: ['provider'] },
    ),
    tokenDays: integer('Lifetime of the token of the agent, in days.', { minimum: 1 }),
    pauseUpgrades: flag('Do not upgrade the agent and the providers.', { default: false }),
    revoked: flag(
      'Remove the identity of the agent from the management side, and do not create it.',
    ),
    imageMirror: text('Registry prefix for all images.', { maxLength: 512 }),
  },
  { required: ['clusterName', 'kubeconfigSecretRef', 'cloud'] },
);

/** agentInstallationStatus is `AgentInstallation.status`. */
export const agentInstallationStatus: Schema = object('Observed state of the installation.', {
  conditions: conditions('Synced, Ready.', OWN_CONDITIONS),
  parts: list(
    'Parts of the installation.',
    object(
      'A part of the installation.',
      {
        name: text('Name of the part.', { maxLength: 63 }),
        ready: flag('Whether the part is installed and works.'),
        reason: text('Why the part is not ready.', { maxLength: 128 }),
        message: text('What the part waits for.', { maxLength: 1024 }),
      },
      { required: ['name', 'ready'] },
    ),
  ),
  clusterUID: text(
    'uid of the namespace kube-system of the workload cluster; a kubeconfig that later points to another cluster is refused.',
    { maxLength: 64 },
  ),
  agentVersion: text('Version of the running agent.', { maxLength: 64 }),
  providers: list(
    'Cluster API providers in the workload cluster.',
    object('A Cluster API provider.', {
      name: text('Name of the provider.', { maxLength: 128 }),
      version: text('Version of the provider.', { maxLength: 64 }),
    }),
  ),
});

/** pivotSpec is `Pivot.spec`. */
export const pivotSpec: Schema = object(
  'Cluster to move, and the direction of the move.',
  {
    clusterName,
    kubeconfigSecretRef,
    direction: text(
      'ToWorkload moves the Cluster API objects into the cluster, ToManagement takes them back.',
      {
        enum: ['ToWorkload', 'ToManagement'],
        default: 'ToWorkload',
      },
    ),
    provider: text('Name of the cloud; it determines which objects belong to the cluster.', {
      maxLength: 63,
    }),
    adoptFrom: text(
      'Nothing is moved: the cluster manages itself already, and this management side takes it over from the one whose namespace kube-system has this uid. Only for ToWorkload.',
      { maxLength: 64 },
    ),
    abort: flag(
      'Abort before the commit and restore the previous state; it has no effect after the commit. Setting it back to false starts a new attempt.',
      { default: false },
    ),
    source: text(
      'What is taken back: the objects in the cluster itself (Cluster), or their last known state (Escrow) if the API server of the cluster is permanently lost. Only for ToManagement.',
      { enum: ['Cluster', 'Escrow'], default: 'Cluster' },
    ),
  },
  {
    required: ['clusterName', 'kubeconfigSecretRef'],
    rules: [unchanged('adoptFrom', 'delete this object and create it again')],
  },
);

const named = { kind: text('Kind of the object.'), name: text('Name of the object.') };

const moved = object('An object in the namespace of the Pivot.', named, {
  required: ['kind', 'name'],
});

const skipped = object(
  'An object in the namespace of the Pivot.',
  { ...named, reason: text('Why the object is not moved.', { maxLength: 1024 }) },
  { required: ['kind', 'name'] },
);

/** pivotStatus is `Pivot.status`. Committed never becomes False again; Released does only if an abort precedes the commit. */
export const pivotStatus: Schema = object('Progress of the pivot.', {
  phase: text('Current step.'),
  epoch: integer('Ownership epoch after the pivot.'),
  conditions: conditions('Synced, Ready, Released, Committed, Aborted.', OWN_CONDITIONS),
  steps: list(
    'Steps of the protocol.',
    object(
      'A step of the protocol.',
      {
        name: text('Name of the step.', { maxLength: 63 }),
        startTime: time('When the step started.'),
        endTime: time('When the step ended.'),
        message: text('What the step waits for.', { maxLength: 1024 }),
      },
      { required: ['name'] },
    ),
  ),
  moved: list('Objects that are moved.', moved, { maxItems: 5000 }),
  skipped: list('Objects that are not moved, and why.', skipped, { maxItems: 5000 }),
  unmanagedSeconds: integer(
    'Number of seconds in which neither side reconciled the cluster, rounded up.',
  ),
  unmanagedMilliseconds: integer('The same in milliseconds.'),
  journal: anything('Internal state of the steps, kept across restarts.'),
});
