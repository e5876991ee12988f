import { dictionary, flag, integer, keyedList, list, object, text, type Schema } from './schema.ts';

const NAME = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';

/** machine is the neutral description of a machine; each cloud says which fields it reads. */
export function machine(of: string): Schema {
  return object(
    `Size and image of ${of}. Each cloud reads the fields that make sense there; kubectl explain spec.cloud.<provider> says which.`,
    {
      type: text('Machine type of the cloud, for example m6i.large or n2-standard-4.'),
      cpus: integer('Number of virtual CPUs, where the cloud has no machine types.', {
        minimum: 2,
        maximum: 1024,
      }),
      memoryMiB: integer('Memory in MiB, where the cloud has no machine types.', {
        minimum: 2048,
      }),
      diskGiB: integer('Size of the root disk in GiB.', { minimum: 8, maximum: 65536 }),
      image: text(
        'Image of the machine: a VM template, an AMI id, an image path or a container image.',
        { maxLength: 512 },
      ),
    },
    { default: {} },
  );
}

const taint = object(
  'A taint as in a Node.',
  {
    key: text('Key of the taint.', { maxLength: 316 }),
    value: text('Value of the taint.', { maxLength: 63 }),
    effect: text('What happens to Pods that do not tolerate it.', {
      enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
    }),
  },
  { required: ['key', 'effect'] },
);

const healthCheck = object(
  'When a machine of the pool counts as broken and is replaced (MachineHealthCheck).',
  {
    enabled: flag('False switches the replacement of broken machines off.', { default: true }),
    nodeStartupTimeoutSeconds: integer('How long a new machine may take to become a Node.', {
      minimum: 60,
      default: 1200,
    }),
    unhealthyAfterSeconds: integer('How long a Node may be not ready before it is replaced.', {
      minimum: 30,
      default: 300,
    }),
    maxUnhealthy: text(
      'Above this number or percentage of broken machines of the pool nothing is replaced, because then the cause is elsewhere. A percentage of a small pool is one machine at least, as long as most workers of the cluster are well; 0 replaces none.',
      {
        default: '40%',
        maxLength: 8,
        rules: [
          {
            rule: "self.matches('^[0-9]+%?$')",
            message:
              'healthCheck.maxUnhealthy must be a number or a percentage, for example 2 or 40%',
          },
        ],
      },
    ),
  },
  { default: {} },
);

const strategy = object(
  'How machines are replaced when the pool changes (MachineDeployment spec.rollout.strategy).',
  {
    type: text('RollingUpdate replaces machines one after the other; OnDelete waits for you.', {
      enum: ['RollingUpdate', 'OnDelete'],
      default: 'RollingUpdate',
    }),
    maxSurge: integer('How many machines more than wanted there may be meanwhile.', {
      minimum: 0,
      default: 1,
    }),
    maxUnavailable: integer('How many machines fewer than wanted there may be meanwhile.', {
      minimum: 0,
      default: 0,
    }),
  },
  {
    // Written out: the API server checks the rule on the default before it fills in the fields.
    default: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 },
    rules: [
      {
        rule: "self.type == 'OnDelete' || self.maxSurge + self.maxUnavailable > 0",
        message:
          'nodePools[].strategy.maxSurge and maxUnavailable are both 0, so nothing could ever be replaced: set one of them to 1 or more',
      },
    ],
  },
);

const autoscaling = object(
  'Bounds between which the cluster autoscaler moves the number of machines.',
  {
    min: integer('Fewest machines.', { minimum: 0, maximum: 5000 }),
    max: integer('Most machines.', { minimum: 1, maximum: 5000 }),
  },
  {
    required: ['min', 'max'],
  },
);

const nodePool = object(
  'One group of equal worker machines (a MachineDeployment).',
  {
    name: text('Name of the pool, unique in the cluster; part of the names of its machines.', {
      maxLength: 30,
      rules: [
        {
          rule: `self.matches('${NAME}')`,
          message:
            'nodePools[].name must be lower-case letters, digits and dashes, for example workers-a',
        },
      ],
    }),
    replicas: integer('How many machines; leave it out with autoscaling.', {
      minimum: 0,
      maximum: 5000,
    }),
    autoscaling,
    machine: machine('the machines of the pool'),
    labels: dictionary(
      'Labels of the Nodes. Cluster API carries only node-role.kubernetes.io/, node-restriction.kubernetes.io and node.cluster.x-k8s.io prefixes to Nodes.',
      text('Value of the label.', { maxLength: 63 }),
    ),
    taints: list('Taints of the Nodes.', taint),
    failureDomain: text('Failure domain (zone) that all machines of the pool are made in.'),
    strategy,
    healthCheck,
  },
  {
    required: ['name'],
    rules: [
      {
        rule: 'has(self.replicas) != has(self.autoscaling)',
        messageExpression:
          "'nodePools[' + self.name + ']: write exactly one of replicas and autoscaling'",
      },
      {
        rule: '!has(self.autoscaling) || self.autoscaling.min <= self.autoscaling.max',
        messageExpression:
          "'nodePools[' + self.name + '].autoscaling: min is above max, write a min that is not above max'",
      },
    ],
  },
);

/** nodePools is the list of worker pools. */
export const nodePools: Schema = keyedList(
  'Groups of worker machines, created by the agent after the pivot.',
  'name',
  nodePool,
  {
    maxItems: 32,
    default: [],
    rules: [
      {
        rule: 'self.all(a, self.exists_one(b, a.name == b.name))',
        message: 'nodePools[].name must be unique: give each pool a name of its own',
      },
    ],
  },
);
