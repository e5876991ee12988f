import { isDeepStrictEqual } from 'node:util';
import {
  Ready,
  Severity,
  Status,
  Target,
  type Resource,
  type ResourceSelector,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import type { KubeObject } from '../../lib/core/object.ts';

/** ReadableAnswer is the whole answer of the function, as `expected.yaml` shows it. */
export interface ReadableAnswer {
  /** Seconds after which Crossplane asks again though nothing has changed. */
  readonly ttlSeconds: number;
  readonly conditions: readonly ReadableCondition[];
  readonly events: readonly ReadableEvent[];
  readonly composite: { readonly ready: string; readonly status: unknown };
  /** Composed resources by composition resource name. */
  readonly composed: Readonly<Record<string, ReadableResource>>;
  /** Objects that the function asks Crossplane for. */
  readonly requirements: Readonly<Record<string, unknown>>;
}

/** ReadableCondition is a condition of composite and claim. */
export interface ReadableCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** ReadableEvent is a result, which becomes an event on composite and claim. */
export interface ReadableEvent {
  readonly severity: string;
  readonly reason: string;
  readonly message: string;
}

/** ReadableResource is one composed resource. */
export interface ReadableResource {
  readonly ready: string;
  readonly object: KubeObject;
}

const READY = { [Ready.READY_TRUE]: 'True', [Ready.READY_FALSE]: 'False' } as const;

const STATUS = {
  [Status.STATUS_CONDITION_TRUE]: 'True',
  [Status.STATUS_CONDITION_FALSE]: 'False',
  [Status.STATUS_CONDITION_UNKNOWN]: 'Unknown',
} as const;

const SEVERITY = {
  [Severity.SEVERITY_NORMAL]: 'Normal',
  [Severity.SEVERITY_WARNING]: 'Warning',
  [Severity.SEVERITY_FATAL]: 'Fatal',
} as const;

/**
 * Puts an answer in words, without loss: whatever is always the same (the target, the type of the
 * composite, the second field for requirements) is checked here instead of written in every file.
 *
 * @throws Error when the answer holds something that expected.yaml has no place for
 */
export function readableAnswer(
  response: RunFunctionResponse,
  composite: KubeObject,
): ReadableAnswer {
  const { desired, conditions, results } = response;
  checkUnused(response);
  return {
    ttlSeconds: ttlSeconds(response),
    conditions: conditions.map(({ type, status, reason, message = '', target }) => {
      checkTarget(target);
      return { type, status: word(STATUS, status), reason, message };
    }),
    events: results.map(({ severity, reason = '', message, target }) => {
      checkTarget(target);
      return { severity: word(SEVERITY, severity), reason, message };
    }),
    composite: readableComposite(desired?.composite, composite),
    composed: mapValues(desired?.resources ?? {}, readableResource),
    requirements: readableRequirements(response),
  };
}

function checkUnused({ context, output }: RunFunctionResponse): void {
  if (context !== undefined && Object.keys(context).length > 0) refuse('context', context);
  if (output !== undefined) refuse('output', output);
}

function ttlSeconds({ meta }: RunFunctionResponse): number {
  const { nanos = 0, seconds = 0 } = meta?.ttl ?? {};
  return nanos === 0 ? seconds : refuse('a TTL with a fraction of a second', nanos);
}

function readableRequirements({
  requirements,
}: RunFunctionResponse): ReadableAnswer['requirements'] {
  const { resources = {}, extraResources = {}, schemas = {} } = requirements ?? {};
  if (!isDeepStrictEqual(resources, extraResources) || Object.keys(schemas).length > 0) {
    refuse('requirements that are not the same in the old and the new field', requirements);
  }
  return mapValues(resources, readableSelector);
}

function readableComposite(
  desired: Resource | undefined,
  { apiVersion, kind }: KubeObject,
): ReadableAnswer['composite'] {
  const { status, ...identity } = desired?.resource ?? {};
  if (JSON.stringify(identity) !== JSON.stringify({ apiVersion, kind, metadata: {} })) {
    refuse('a desired composite with more than its type and a status', identity);
  }
  return { ready: word(READY, desired?.ready ?? Ready.UNRECOGNIZED), status };
}

function readableResource({ ready, resource, connectionDetails }: Resource): ReadableResource {
  if (Object.keys(connectionDetails).length > 0) refuse('connection details', '(not shown)');
  return { ready: word(READY, ready), object: resource as KubeObject };
}

function readableSelector({
  matchLabels,
  matchName,
  namespace,
  ...type
}: ResourceSelector): unknown {
  return {
    ...type,
    ...(namespace === undefined ? {} : { namespace }),
    ...(matchName === undefined ? {} : { matchName }),
    ...(matchLabels === undefined ? {} : { matchLabels: matchLabels.labels }),
  };
}

/** What is told to the composite only would never reach the author of a claim. */
function checkTarget(target: Target | undefined): void {
  if (target !== Target.TARGET_COMPOSITE_AND_CLAIM) refuse('a target other than both', target);
}

function word(words: Readonly<Record<number, string>>, value: number): string {
  return words[value] ?? refuse('an unknown enumeration value', value);
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  convert: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, convert(value)]));
}

function refuse(what: string, value: unknown): never {
  throw new Error(`the answer has ${what}: ${JSON.stringify(value)}`);
}
