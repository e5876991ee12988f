import {
  Ready,
  Severity,
  Status,
  Target,
  type Requirements,
  type Resource,
  type ResourceSelector,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { type KubeObject, isRecord, recordIn } from '../lib/core/object.ts';
import { compareText, sortedRecord } from '../lib/core/order.ts';
import { plainJson } from '../lib/core/plain-json.ts';
import { decide, type Decision } from './core/decide.ts';
import { keptOf } from './core/identity.ts';
import type { Observed } from './core/observed.ts';
import type { Selector } from './core/requirements.ts';

/**
 * runFunction only translates between Crossplane's protocol and the core. It never uses the SDK's merge
 * helpers, which corrupt arrays (facts/crossplane.md 8.2).
 */
export function runFunction(request: RunFunctionRequest, seenAt = Date.now()): RunFunctionResponse {
  const decision = decide(observedIn(request, seenAt));
  const resources = { ...request.desired?.resources, ...composedResources(decision) };
  return {
    meta: { tag: request.meta?.tag ?? '', ttl: { seconds: decision.ttlSeconds, nanos: 0 } },
    desired: { composite: composite(request, decision), resources: { ...sortedRecord(resources) } },
    context: request.context,
    requirements: requirements(decision),
    conditions: decision.conditions.map(({ type, status, reason, message }) => ({
      type,
      reason,
      message,
      status: STATUS[status],
      target: Target.TARGET_COMPOSITE_AND_CLAIM,
    })),
    results: decision.events.map(({ severity, reason, message }) => ({
      reason,
      message,
      severity: severity === 'Warning' ? Severity.SEVERITY_WARNING : Severity.SEVERITY_NORMAL,
      target: Target.TARGET_COMPOSITE_AND_CLAIM,
    })),
  };
}

const STATUS = {
  True: Status.STATUS_CONDITION_TRUE,
  False: Status.STATUS_CONDITION_FALSE,
  Unknown: Status.STATUS_CONDITION_UNKNOWN,
} as const;

/** observedIn reads required objects from both fields: v1.20 and older only set the first. */
function observedIn(request: RunFunctionRequest, seenAt: number): Observed {
  const { observed, extraResources, requiredResources } = request;
  const answers = Object.entries({ ...extraResources, ...requiredResources });
  return {
    composite: objectOf(observed?.composite),
    composed: Object.fromEntries(
      Object.entries(observed?.resources ?? {})
        .toSorted(([a], [b]) => compareText(a, b))
        .map(([name, resource]) => [name, objectOf(resource)]),
    ),
    required: Object.fromEntries(
      answers.map(([key, { items }]) => [key, items.map((item) => keptOf(key, objectOf(item)))]),
    ),
    seenAt,
  };
}

function objectOf(resource: Resource | undefined): KubeObject {
  const object: unknown = resource?.resource;
  const metadata = isRecord(object) ? object['metadata'] : undefined;
  const { apiVersion = '', kind = '' } = isRecord(object) ? object : {};
  return {
    ...(isRecord(object) ? object : {}),
    apiVersion: String(apiVersion),
    kind: String(kind),
    metadata: isRecord(metadata) ? metadata : {},
  };
}

function composedResources({ desired, ready }: Decision): Record<string, Resource> {
  return Object.fromEntries(
    Object.entries(desired).map(([name, object]) => [
      name,
      resourceOf(object, ready.has(name) ? Ready.READY_TRUE : Ready.READY_FALSE),
    ]),
  );
}

/**
 * A function can only set the status of the composite, and must send its type with it. The status from
 * earlier steps of the pipeline is passed on.
 */
function composite(
  { observed, desired }: RunFunctionRequest,
  { status, operational }: Decision,
): Resource {
  const { apiVersion, kind } = objectOf(observed?.composite);
  const earlier = recordIn(desired?.composite?.resource, 'status');
  const ready = operational ? Ready.READY_TRUE : Ready.READY_FALSE;
  const ours = resourceOf(
    { apiVersion, kind, metadata: {}, status: { ...earlier, ...status } },
    ready,
  );
  return { ...ours, connectionDetails: desired?.composite?.connectionDetails ?? {} };
}

/** Plain JSON, because protobuf misreads undefined in lists, dates and prototypes. */
function resourceOf(object: KubeObject, ready: Ready): Resource {
  const resource = plainJson(object);
  return { resource: isRecord(resource) ? resource : undefined, connectionDetails: {}, ready };
}

/** Setting both fields with the same keys works in all versions (facts/crossplane-runs.md 6 and 8). */
function requirements({ requirements: wanted }: Decision): Requirements {
  const selectors: Record<string, ResourceSelector> = Object.fromEntries(
    Object.entries(sortedRecord(wanted)).map(([key, selector]) => [key, selectorOf(selector)]),
  );
  return { resources: selectors, extraResources: selectors, schemas: {} };
}

function selectorOf({ matchLabels, ...selector }: Selector): ResourceSelector {
  return matchLabels === undefined
    ? selector
    : { ...selector, matchLabels: { labels: { ...matchLabels } } };
}
