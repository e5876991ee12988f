import { dictionary, flag, integer, keyedList, list, object, text, type Schema } from './schema.ts';

const NAME = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';

/** machine is the cloud-neutral description of a machine; each cloud documents which fields it reads. */
export function machine(of: string): Schema {
  return object(
    `Size and image of ${of}. Each cloud reads a subset of the fields; kubectl explain spec.cloud.<provider> lists them.`,
    {
      type: text('Machine type of the cloud, for example m6i.large or n2-standard-4.'),
      cpus: integer('Number of virtual CPUs, for clouds without machine types.', {
        minimum: 2,
        maximum: 1024,
      }),
      memoryMiB: integer('Memory in MiB, for clouds without machine types.', {
        minimum: 2048,
      }),
      diskGiB: integer('Size of the root disk in GiB.', { minimum: 8, maximum: 65536 }),
      image: text(
        'Image of the machine: a VM template, an AMI ID, an image path or a container image.',
        { maxLength: 512 },
      ),
    },
    { default: {} },
  );
}

const taint = object(
  'A taint of a Node.',
  {
    key: text('Key of the taint.', { maxLength: 316 }),
    value: text('Value of the taint.', { maxLength: 63 }),
    effect: text('Effect on Pods that do not tolerate the taint.', {
      enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
    }),
  },
  { required: ['key', 'effect'] },
);

const healthCheck = object(
  'When a machine of the pool counts as unhealthy and is replaced (MachineHealthCheck).',
  {
    enabled: flag('Whether unhealthy machines are replaced.', { default: true }),
    nodeStartupTimeoutSeconds: integer(
      'Number of seconds in which a new machine must become a Node.',
      {
        minimum: 60,
        default: 1200,
      },
    ),
    unhealthyAfterSeconds: integer(
      'Number of seconds that a Node can be not ready before its machine is replaced.',
      {
        minimum: 30,
        default: 300,
      },
    ),
    maxUnhealthy: text(
      'Maximum number or percentage of unhealthy machines in the pool; if more are unhealthy, no machine is replaced, because the cause is elsewhere. In a small pool, a percentage is at least one machine as long as most workers of the cluster are healthy; 0 replaces no machine.',
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
    type: text(
      'RollingUpdate replaces machines one after the other; OnDelete replaces a machine when you delete it.',
      {
        enum: ['RollingUpdate', 'OnDelete'],
        default: 'RollingUpdate',
      },
    ),
    maxSurge: integer('Maximum number of machines above the desired number during a replacement.', {
      minimum: 0,
      default: 1,
    }),
    maxUnavailable: integer('Maximum number of unavailable machines during a replacement.', {
      minimum: 0,
      default: 0,
    }),
  },
  {
    // Spelled out, because the API server evaluates the rule on the default before it defaults the fields.
    default: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 },
    rules: [
      {
        rule: "self.type == 'OnDelete' || self.maxSurge + self.maxUnavailable > 0",
        message:
          'nodePools[].strategy.maxSurge and maxUnavailable are both 0, so no machine could be replaced: set one of them to 1 or more',
      },
    ],
  },
);

const autoscaling = object(
  'Range in which the cluster autoscaler sets the number of machines.',
  {
    min: integer('Minimum number of machines.', { minimum: 0, maximum: 5000 }),
    max: integer('Maximum number of machines.', { minimum: 1, maximum: 5000 }),
  },
  {
    required: ['min', 'max'],
  },
);

const nodePool = object(
  'A group of identical worker machines (a MachineDeployment).',
  {
    name: text('Name of the pool, unique in the cluster and part of the names of its machines.', {
      maxLength: 30,
      rules: [
        {
          rule: `self.matches('${NAME}')`,
          message:
            'nodePools[].name must consist of lower-case letters, digits and dashes, for example workers-a',
        },
      ],
    }),
    replicas: integer('Number of machines; leave it out with autoscaling.', {
      minimum: 0,
      maximum: 5000,
    }),
    autoscaling,
    machine: machine('the machines of the pool'),
    labels: dictionary(
      'Labels of the Nodes. Cluster API propagates only labels with the prefixes node-role.kubernetes.io/, node-restriction.kubernetes.io and node.cluster.x-k8s.io to Nodes.',
      text('Value of the label.', { maxLength: 63 }),
    ),
    taints: list('Taints of the Nodes.', taint),
    failureDomain: text('Failure domain (zone) of all machines of the pool.'),
    strategy,
    healthCheck,
  },
  {
    required: ['name'],
    rules: [
      {
        rule: 'has(self.replicas) != has(self.autoscaling)',
        messageExpression:
          "'nodePools[' + self.name + ']: set exactly one of replicas and autoscaling'",
      },
      {
        rule: '!has(self.autoscaling) || self.autoscaling.min <= self.autoscaling.max',
        messageExpression:
          "'nodePools[' + self.name + '].autoscaling: min is greater than max, use a min that is not greater than max'",
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
        message: 'nodePools[].name must be unique: use a different name for each pool',
      },
    ],
  },
);
