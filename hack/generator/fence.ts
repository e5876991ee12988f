import {
  EPOCH_ANNOTATION,
  OWNER_ANNOTATION,
  SOURCE_UID_ANNOTATION,
  type Side,
} from '../../lib/apis/ownership.ts';
import type { Policy } from './policy.ts';

const INTEGER = '^[0-9]{1,18}$';

/** The annotation, or '' when it is not there. */
function annotation(object: string, key: string): string {
  return `${object} != null && has(${object}.metadata.annotations) && '${key}' in ${object}.metadata.annotations ? ${object}.metadata.annotations['${key}'] : ''`;
}

function number(text: string): string {
  return `${text}.matches('${INTEGER}') ? int(${text}) : 0`;
}

function paused(object: string): string {
  return `has(${object}.spec) && has(${object}.spec.paused) && ${object}.spec.paused`;
}

/**
 * A Cluster without the annotation may run on either side. On the management side that is a cluster
 * that was never handed over, or one that is not ours. On the workload side it can only be one that is
 * not ours: a pivot never copies a Cluster without its owner, and an owner can't be taken off.
 */
function mayRun(owner: string, side: Side): string {
  return `${owner} in ['', '${side}']`;
}

const ownerVariables = [
  { name: 'owner', expression: annotation('object', OWNER_ANNOTATION) },
  { name: 'oldOwner', expression: annotation('oldObject', OWNER_ANNOTATION) },
  { name: 'epoch', expression: annotation('object', EPOCH_ANNOTATION) },
  { name: 'oldEpoch', expression: annotation('oldObject', EPOCH_ANNOTATION) },
  { name: 'number', expression: number('variables.epoch') },
  { name: 'oldNumber', expression: number('variables.oldEpoch') },
  { name: 'sameOwner', expression: 'variables.owner == variables.oldOwner' },
  {
    name: 'ranBefore',
    expression: `oldObject != null && variables.sameOwner && !(${paused('oldObject')})`,
  },
];

/** Rules over the two annotations: expression, and the end of the sentence when it does not hold. */
const ANNOTATION_RULES: readonly (readonly [expression: string, message: string])[] = [
  [
    "variables.sameOwner || variables.owner in ['management', 'moving', 'workload']",
    `'annotation ${OWNER_ANNOTATION} must be management, moving or workload, and is never removed'`,
  ],
  [
    `variables.epoch == variables.oldEpoch || variables.epoch.matches('${INTEGER}')`,
    `'annotation ${EPOCH_ANNOTATION} must be an integer, and is never removed'`,
  ],
  [
    'variables.number >= variables.oldNumber',
    `'annotation ${EPOCH_ANNOTATION} never goes back, it is ' + variables.oldEpoch`,
  ],
  [
    'variables.sameOwner || variables.number > variables.oldNumber',
    `'the owner changes only together with a higher ${EPOCH_ANNOTATION} than ' + string(variables.oldNumber)`,
  ],
];

/** fenceOwner keeps a Cluster from running on a side that does not own it. */
export function fenceOwner(side: Side): Policy {
  const mayRunHere = `(${paused('object')}) || variables.ranBefore || ${mayRun('variables.owner', side)}`;
  const rules = [
    ...ANNOTATION_RULES,
    [
      mayRunHere,
      `'it must stay paused on the ${side} side, because its owner is ' + variables.owner + ': two sides that reconcile one cluster destroy it; its Pivot un-pauses it when it is time'`,
    ] as const,
  ];
  return {
    name: 'fence-owner.managedcluster.io',
    rules: [
      {
        apiGroups: ['cluster.x-k8s.io'],
        resources: ['clusters'],
        operations: ['CREATE', 'UPDATE'],
      },
    ],
    matchConditions: [
      {
        name: 'ours',
        expression: `[object, oldObject].exists(o, o != null && has(o.metadata.annotations) && ('${OWNER_ANNOTATION}' in o.metadata.annotations || '${EPOCH_ANNOTATION}' in o.metadata.annotations))`,
      },
    ],
    variables: ownerVariables,
    validations: rules.map(([expression, message]) => ({
      expression,
      messageExpression: `'Cluster ' + object.metadata.name + ': ' + ${message}`,
    })),
  };
}

/**
 * fenceMachines keeps machines from being made on a side that does not own their cluster. An API server that
 * has just started does not find the Cluster for some 40 s, and must not refuse every Machine of every
 * cluster meanwhile (docs/decisions/0010).
 */
export function fenceMachines(side: Side): Policy {
  return {
    name: 'fence-machines.managedcluster.io',
    failurePolicy: 'Ignore',
    paramKind: { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster' },
    rules: [{ apiGroups: ['cluster.x-k8s.io'], resources: ['machines'], operations: ['CREATE'] }],
    variables: [
      { name: 'owner', expression: annotation('params', OWNER_ANNOTATION) },
      {
        name: 'copied',
        expression: `variables.owner == 'moving' && (${paused('params')}) && (${annotation('object', SOURCE_UID_ANNOTATION)}) != ''`,
      },
    ],
    validations: [
      {
        expression: `!has(object.spec.clusterName) || object.spec.clusterName != params.metadata.name || ${mayRun('variables.owner', side)} || variables.copied`,
        messageExpression: `'no Machine is made for Cluster ' + params.metadata.name + ' on the ${side} side, because its owner is ' + variables.owner`,
      },
    ],
  };
}
