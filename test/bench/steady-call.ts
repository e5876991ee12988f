import { RunFunctionRequest, RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';
import { runFunction } from '../../function/run-function.ts';
import { reconcile } from '../render/reconcile.ts';
import { loadCase, type RenderInput } from '../render/render-case.ts';
import { withManagedFields } from './managed-fields.ts';

/** STEADY are the render cases whose last call is measured: in the middle of the life, and at rest. */
export const STEADY = ['08-g2-open', '13-operational'] as const;

/** SteadyCall is what Crossplane sends again and again while nothing changes, and what it is answered. */
export interface SteadyCall {
  /** That of the render case, and the tag of the request. */
  readonly name: string;
  readonly request: Buffer;
  readonly response: Buffer;
}

/** steadyCall is the call of a render case in which all that was required is there, managed fields too. */
export async function steadyCall(name: string): Promise<SteadyCall> {
  const { composite, observed, required } = loadCase(name).input;
  const input: RenderInput = {
    composite: withManagedFields(composite),
    observed: observed.map(withManagedFields),
    required: required.map(withManagedFields),
  };
  let last = RunFunctionRequest.fromPartial({});
  const { response } = await reconcile(async (request) => {
    last = { ...request, meta: { tag: name, capabilities: [] } };
    return runFunction(last);
  }, input);
  return {
    name,
    request: Buffer.from(RunFunctionRequest.encode(last).finish()),
    response: Buffer.from(RunFunctionResponse.encode(response).finish()),
  };
}
