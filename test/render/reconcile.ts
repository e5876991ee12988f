import {
  RunFunctionRequest,
  type Resources,
  type ResourceSelector,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../lib/core/object.ts';
import type { RenderInput } from './render-case.ts';

/** Ask calls the function. */
export type Ask = (request: RunFunctionRequest) => Promise<RunFunctionResponse>;

/** Reconciled is what one reconcile of Crossplane gets out of the function. */
export interface Reconciled {
  /** The answer that counts. */
  readonly response: RunFunctionResponse;
  /** How often the function was called. */
  readonly calls: number;
}

/** Annotation by which Crossplane knows a composed resource. */
export const RESOURCE_NAME = 'crossplane.io/composition-resource-name';

/** Crossplane v2.3 internal/xfn/required_resources.go. */
const MAX_ITERATIONS = 5;

/**
 * Calls the function as Crossplane does: first without any required resources, then with those that
 * it asked for, until it asks for nothing new.
 *
 * @throws Error when it still asks for something else after five rounds, as Crossplane does
 */
export async function reconcile(ask: Ask, input: RenderInput): Promise<Reconciled> {
  let request = firstRequest(input);
  let response = await ask(request);
  for (let round = 1; round <= MAX_ITERATIONS; round++) {
    const wanted = response.requirements;
    if (Object.keys({ ...wanted?.resources, ...wanted?.extraResources }).length === 0) {
      return { response, calls: round };
    }
    request = {
      ...request,
      requiredResources: answers(wanted?.resources ?? {}, input),
      extraResources: answers(wanted?.extraResources ?? {}, input),
      context: response.context,
    };
    // oxlint-disable-next-line no-await-in-loop -- each round depends on the one before
    response = await ask(request);
    if (isDeepStrictEqual(response.requirements, wanted)) return { response, calls: round + 1 };
  }
  throw new Error(`the requirements did not settle after ${MAX_ITERATIONS} rounds`);
}

/** The first request of a reconcile. */
function firstRequest({ composite, observed }: RenderInput): RunFunctionRequest {
  return RunFunctionRequest.fromPartial({
    meta: { tag: 'render' },
    observed: {
      composite: { resource: composite },
      resources: Object.fromEntries(
        observed.map((object) => [resourceNameOf(object), { resource: object }]),
      ),
    },
  });
}

/** The name of a composed resource in Crossplane's books; empty when the annotation is missing. */
export function resourceNameOf({ metadata }: KubeObject): string {
  return metadata.annotations?.[RESOURCE_NAME] ?? '';
}

/** A key whose selector matches nothing is answered with an empty list (facts/crossplane-runs.md 6). */
function answers(
  selectors: Readonly<Record<string, ResourceSelector>>,
  { required, observed }: RenderInput,
): Record<string, Resources> {
  return Object.fromEntries(
    Object.entries(selectors).map(([key, selector]) => [
      key,
      {
        items: [...required, ...observed]
          .filter((object) => matches(object, selector))
          .map((resource) => ({ resource, connectionDetails: {}, ready: 0 })),
      },
    ]),
  );
}

function matches(object: KubeObject, selector: ResourceSelector): boolean {
  const { apiVersion, kind, matchName, matchLabels, namespace } = selector;
  const { name, namespace: at, labels = {} } = object.metadata;
  const wanted = Object.entries(matchLabels?.labels ?? {});
  return (
    object.apiVersion === apiVersion &&
    object.kind === kind &&
    (namespace === undefined || namespace === at) &&
    (matchName === undefined || matchName === name) &&
    wanted.every(([key, value]) => labels[key] === value)
  );
}
