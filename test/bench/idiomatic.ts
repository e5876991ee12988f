/** The function as the SDK's documentation would have it written: `idiomatic.js <address>`. */
import {
  FunctionRunner,
  fromObject,
  getObservedComposedResources,
  getObservedCompositeResource,
  getRequiredResources,
  newGrpcServer,
  normal,
  Ready,
  requireResource,
  setDesiredComposedResources,
  setDesiredCompositeStatus,
  startServer,
  Status,
  Target,
  to,
  toObject,
  warning,
  type Resource,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { pino } from 'pino';
import { decide, type Decision } from '../../function/core/decide.ts';
import type { KubeObject } from '../../lib/core/object.ts';

const [address = ''] = process.argv.slice(2);
const log = pino({ level: 'info' });
const server = newGrpcServer(new FunctionRunner({ RunFunction: run }, log), log);
startServer(server, { address, insecure: true }, log);

async function run(request: RunFunctionRequest): Promise<RunFunctionResponse> {
  const decision = decide({
    composite: objectOf(getObservedCompositeResource(request)),
    composed: mapped(getObservedComposedResources(request), objectOf),
    required: mapped(getRequiredResources(request), ({ items }) => items.map(objectOf)),
    seenAt: Date.now(),
  });
  return answer(request, decision);
}

function answer(request: RunFunctionRequest, decision: Decision): RunFunctionResponse {
  let response = to(request, { seconds: decision.ttlSeconds, nanos: 0 });
  response = setDesiredCompositeStatus({ rsp: response, status: { ...decision.status } });
  response = setDesiredComposedResources(
    response,
    Object.fromEntries(
      Object.entries(decision.desired).map(([name, object]) => [
        name,
        fromObject(
          // As plain JSON: the SDK can't encode undefined.
          JSON.parse(JSON.stringify(object)) as KubeObject,
          undefined,
          decision.ready.has(name) ? Ready.READY_TRUE : Ready.READY_FALSE,
        ),
      ]),
    ),
  );
  for (const { severity, reason, message } of decision.events) {
    if (severity === 'Warning') warning(response, `${reason}: ${message}`);
    else normal(response, `${reason}: ${message}`);
  }
  for (const [name, { matchLabels, ...selector }] of Object.entries(decision.requirements)) {
    const labels = matchLabels === undefined ? {} : { matchLabels: { labels: { ...matchLabels } } };
    response = requireResource(response, name, { ...selector, ...labels });
  }
  response.conditions = decision.conditions.map(({ status, ...condition }) => ({
    ...condition,
    status: STATUS[status],
    target: Target.TARGET_COMPOSITE_AND_CLAIM,
  }));
  return response;
}

const STATUS = {
  True: Status.STATUS_CONDITION_TRUE,
  False: Status.STATUS_CONDITION_FALSE,
  Unknown: Status.STATUS_CONDITION_UNKNOWN,
} as const;

function objectOf(resource: Resource | undefined): KubeObject {
  return (resource === undefined ? {} : toObject(resource)) as KubeObject;
}

function mapped<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
