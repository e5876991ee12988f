import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import type { ReadableAnswer } from '../../render/readable-answer.ts';
import { RESOURCE_NAME } from '../../render/reconcile.ts';
import type { Cli } from './cli.ts';
import { sortedResults, type Rendered } from './rendered.ts';
import { compositionName } from './situation.ts';

const RESULT = { apiVersion: 'render.crossplane.io/v1beta1', kind: 'Result' };

/** The step of our Compositions; the tool puts it in front of what the function says. */
const STEP = 'expand';

/**
 * What a line of the tool prints, when the function answers that: each adds what Crossplane adds to
 * composed objects, and shows as much of the rest as it can.
 */
export function expectedRender(cli: Cli, composite: KubeObject, answer: ReadableAnswer): Rendered {
  const { apiVersion, kind, metadata } = composite;
  const { name = '', namespace } = metadata;
  const where = namespace === undefined ? { name } : { name, namespace };
  const status = answer.composite.status as Rendered['status'];
  const composed = Object.fromEntries(
    Object.entries(answer.composed).map(([resource, { object }]) => [
      resource,
      composedObject(cli, composite, object, resource),
    ]),
  );
  return cli.reconciles
    ? {
        composite: { apiVersion, kind, metadata: where, ...resourceRefs(composite, answer) },
        status: { ...status, ...claimConditionTypes(composite, answer) },
        conditions: { ...ownConditions(answer), ...reconcilerConditions(composite, answer) },
        composed,
        results: sortedResults(reconcilerEvents(composite, answer)),
      }
    : {
        composite: { apiVersion, kind, metadata: { name } },
        status,
        conditions: pipelineConditions(cli, answer),
        composed,
        results: sortedResults(pipelineResults(answer)),
      };
}

/** Crossplane v2.3 internal/controller/apiextensions/composite/composition_render.go. */
function composedObject(
  cli: Cli,
  composite: KubeObject,
  object: KubeObject,
  resource: string,
): KubeObject {
  const { apiVersion, kind, metadata } = composite;
  const { name = '', uid = '' } = metadata;
  const claim = recordIn(composite['spec'], 'claimRef');
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(cli.reconciles ? {} : { generateName: `${name}-` }),
      labels: {
        ...object.metadata.labels,
        'crossplane.io/composite': name,
        ...(claim === undefined
          ? {}
          : {
              'crossplane.io/claim-name': String(claim['name']),
              'crossplane.io/claim-namespace': String(claim['namespace']),
            }),
      },
      annotations: { ...object.metadata.annotations, [RESOURCE_NAME]: resource },
      ownerReferences: [owner],
    },
  };
}

function ownConditions({ conditions }: ReadableAnswer): Rendered['conditions'] {
  return Object.fromEntries(conditions.map((condition) => [condition.type, { ...condition }]));
}

function pipelineResults({ events }: ReadableAnswer): Rendered['results'] {
  return events.map(({ severity, message }) => ({
    ...RESULT,
    severity: `SEVERITY_${severity.toUpperCase()}`,
    step: STEP,
    message,
  }));
}

/** Before v2 the tool ran the pipeline only, and made up a Ready of its own. */
function pipelineConditions({ conditions }: Cli, answer: ReadableAnswer): Rendered['conditions'] {
  if (conditions === 'none') return {};
  const unready = namesByReadiness(answer, 'False');
  const Ready =
    unready.length === 0
      ? { type: 'Ready', status: 'True', reason: 'Available' }
      : {
          type: 'Ready',
          status: 'False',
          reason: 'Creating',
          message: `Unready resources: ${firstThree(unready)}`,
        };
  return { Ready, ...(conditions === 'all' ? ownConditions(answer) : {}) };
}

/** crossplane-runtime v1.20 pkg/resource StableNAndSomeMore. */
function firstThree(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 3).join(', ')}, and ${names.length - 3} more`;
  if (names.length < 3) return names.join(', ');
  return `${names.slice(0, 2).join(', ')}, and ${names[2]}`;
}

function namesByReadiness({ composed }: ReadableAnswer, ready: string): readonly string[] {
  return Object.keys(composed)
    .filter((name) => composed[name]?.ready === ready)
    .toSorted(compareText);
}

function reconcilerConditions(
  { metadata }: KubeObject,
  { composite }: ReadableAnswer,
): Rendered['conditions'] {
  const ready = composite.ready === 'True';
  const { generation: observedGeneration } = metadata;
  return {
    Synced: { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' },
    Ready: {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      reason: ready ? 'Available' : 'Creating',
    },
    Responsive: {
      type: 'Responsive',
      status: 'True',
      reason: 'WatchCircuitClosed',
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
    },
  };
}

/** Types that the claim gets a copy of; a namespaced composite has no claim. */
function claimConditionTypes(
  { metadata }: KubeObject,
  { conditions }: ReadableAnswer,
): Rendered['status'] {
  return metadata.namespace === undefined
    ? { claimConditionTypes: conditions.map(({ type }) => type) }
    : {};
}

/** Crossplane v2.3 composition_functions.go: refs of all that is desired, in order of kind and name. */
function resourceRefs(composite: KubeObject, answer: ReadableAnswer): Rendered['composite'] {
  const namespaced = composite.metadata.namespace !== undefined;
  const refs = Object.values(answer.composed)
    .map(({ object: { apiVersion, kind, metadata } }) => ({
      apiVersion,
      kind,
      name: metadata.name,
      ...(namespaced ? {} : { namespace: metadata.namespace }),
    }))
    .toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
  return { spec: namespaced ? { crossplane: { resourceRefs: refs } } : { resourceRefs: refs } };
}

/** Crossplane v2.3 composite/reconciler.go: its own events around those of the function. */
function reconcilerEvents(composite: KubeObject, answer: ReadableAnswer): Rendered['results'] {
  const composition = compositionName(composite);
  const selected = `Successfully selected composition: ${composition}`;
  return [
    { ...RESULT, severity: 'Normal', reason: 'SelectComposition', message: selected },
    ...answer.events.map(({ severity, reason, message }) => ({
      ...RESULT,
      severity,
      reason,
      message: `Pipeline step "${STEP}": ${message}`,
    })),
    ...namesByReadiness(answer, 'False').map((name) => ({
      ...RESULT,
      severity: 'Normal',
      reason: 'ComposeResources',
      message: `Composed resource "${name}" is not yet ready`,
    })),
  ];
}
