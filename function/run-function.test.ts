import { describe, expect, it } from '@jest/globals';
import {
  Ready,
  RunFunctionRequest,
  RunFunctionResponse,
  Severity,
  Status,
  Target,
} from '@crossplane-org/function-sdk-typescript';
import type { KubeObject } from '../lib/core/object.ts';
import { CLUSTER, CLUSTER_PLAN, CONTROL_PLANE } from './core/composed-names.ts';
import type { Observed } from './core/observed.ts';
import { aScene } from './testing/scenes.ts';
import { aMachine } from './testing/objects.ts';
import { runFunction } from './run-function.ts';

/** The request that Crossplane sends for a scene, once over the wire. */
function requestFor({ composite, composed, required }: Observed, extra: object = {}) {
  const request = RunFunctionRequest.fromJSON({
    meta: { tag: 'tag-1' },
    observed: {
      composite: { resource: composite },
      resources: Object.fromEntries(
        Object.entries(composed).map(([name, resource]) => [name, { resource }]),
      ),
    },
    requiredResources: itemsOf(required),
    ...extra,
  });
  return RunFunctionRequest.decode(RunFunctionRequest.encode(request).finish());
}

function itemsOf(required: Observed['required']) {
  return Object.fromEntries(
    Object.entries(required).map(([key, objects]) => [
      key,
      { items: objects.map((resource) => ({ resource })) },
    ]),
  );
}

function overTheWire(response: RunFunctionResponse): RunFunctionResponse {
  return RunFunctionResponse.decode(RunFunctionResponse.encode(response).finish());
}

function bytesOf(response: RunFunctionResponse): string {
  return Buffer.from(RunFunctionResponse.encode(response).finish()).toString('base64');
}

/** The same value with the keys of all objects turned around. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, entry]) => [key, turned(entry)]),
  );
}

const SCENES = [
  aScene(),
  aScene('Provisioning'),
  aScene('InstallingAgent'),
  aScene('Pivoting'),
  aScene('SelfManaged'),
  aScene('Pivoting').spec({ controlPlane: { machine: { type: 'x' } } }),
  aScene('InstallingAgent', 'vsphere').spec({ paused: true }),
  aScene().spec({ kubernetes: { version: 1 }, controlPlane: { replicas: 'x', machine: 1 } }),
  aScene().spec({
    controlPlane: { machine: { type: 'x', cpus: 2 } },
    overrides: [{ kind: 'Cluster', patch: { spec: { paused: true }, status: { a: 1, b: 2 } } }],
  }),
];

describe('runFunction', () => {
  it('answers the first call of a namespaced composite', () => {
    const response = overTheWire(runFunction(requestFor(aScene().observed)));

    expect(response.meta).toEqual({ tag: 'tag-1', ttl: { seconds: 20, nanos: 0 } });
    expect(Object.keys(response.desired?.resources ?? {})).toEqual([
      CLUSTER,
      CONTROL_PLANE,
      expect.stringMatching(/^control-plane-template-[0-9a-f]{8}$/),
      'infrastructure-cluster',
    ]);
    expect(response.desired?.composite).toMatchObject({
      ready: Ready.READY_FALSE,
      resource: {
        apiVersion: 'm.managedcluster.io/v1alpha1',
        kind: 'NamespacedManagedCluster',
        status: { phase: 'Provisioning' },
      },
    });
    expect(response.desired?.composite?.resource).not.toHaveProperty('spec');
    expect(response.conditions[0]).toEqual({
      type: 'Accepted',
      status: Status.STATUS_CONDITION_TRUE,
      reason: 'Accepted',
      message: 'The claim is valid',
      target: Target.TARGET_COMPOSITE_AND_CLAIM,
    });
    expect(response.results).toEqual([
      {
        severity: Severity.SEVERITY_NORMAL,
        reason: 'Provisioning',
        message: 'Provisioning the first control plane machine',
        target: Target.TARGET_COMPOSITE_AND_CLAIM,
      },
    ]);
  });

  it('warns of a refused claim, and never fails for one', () => {
    const { results } = runFunction(
      requestFor(aScene().spec({ cloud: { docker: null } }).observed),
    );

    expect(results.map(({ severity }) => severity)).toEqual([Severity.SEVERITY_WARNING]);
  });

  it('says which composed resources are ready', () => {
    const resources = runFunction(requestFor(aScene('InstallingAgent').observed)).desired
      ?.resources;

    expect(resources?.[CLUSTER]?.ready).toBe(Ready.READY_TRUE);
    expect(resources?.['agent-installation']?.ready).toBe(Ready.READY_FALSE);
  });

  it('asks in both fields with the same keys', () => {
    const { requirements } = overTheWire(
      runFunction(
        requestFor(
          aScene('Provisioning').spec({
            profiles: [
              { name: 'b', version: '1.0.0' },
              { name: 'a', version: '1.0.0' },
            ],
          }).observed,
        ),
      ),
    );

    expect(requirements?.resources).toEqual(requirements?.extraResources);
    expect(Object.keys(requirements?.resources ?? {})).toEqual([
      'machines',
      'profile/a',
      'profile/b',
    ]);
    expect(requirements?.resources['machines']).toMatchObject({
      kind: 'Machine',
      namespace: 'team-a',
      matchLabels: { labels: { 'cluster.x-k8s.io/cluster-name': 'demo' } },
    });
    expect(requirements?.resources['profile/a']).toMatchObject({
      kind: 'ClusterProfile',
      matchName: 'a',
    });
  });

  it.each(['requiredResources', 'extraResources'])('reads answers from %s', (field) => {
    const { observed } = aScene('Pivoting')
      .composite({ status: { phase: 'InstallingAgent' } })
      .without('pivot');
    const answers = itemsOf({ machines: [aMachine()] });
    const request = requestFor(
      { ...observed, required: {} },
      { requiredResources: {}, [field]: answers },
    );

    expect(runFunction(request).desired?.resources).toHaveProperty('pivot');
    expect(runFunction({ ...request, [field]: {} }).desired?.resources).not.toHaveProperty('pivot');
  });

  it('passes on what earlier steps desire, and does not touch what later steps have made', () => {
    const earlier = {
      context: { key: { a: 1 } },
      desired: {
        composite: {
          resource: { status: { other: 'x', phase: 'nonsense' } },
          connectionDetails: { user: Buffer.from('me').toString('base64') },
        },
        resources: {
          zebra: { resource: { kind: 'ConfigMap', apiVersion: 'v1' }, ready: 'READY_TRUE' },
        },
      },
    };
    const foreign: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'later' },
    };
    const scene = aScene('SelfManaged').with('later', foreign).with('zebra', foreign);
    const refused = scene.spec({ controlPlane: { machine: { type: 'x' } } });

    for (const { observed } of [scene, refused]) {
      const response = overTheWire(runFunction(requestFor(observed, earlier)));

      expect(response.desired?.resources['zebra']).toMatchObject({
        resource: { kind: 'ConfigMap', apiVersion: 'v1' },
        ready: Ready.READY_TRUE,
      });
      expect(response.desired?.resources).not.toHaveProperty('later');
      expect(response.desired?.composite?.resource).toMatchObject({
        status: { other: 'x', phase: 'SelfManaged' },
      });
      expect(response.desired?.composite?.connectionDetails).toHaveProperty('user');
      expect(response.context).toEqual({ key: { a: 1 } });
    }
  });

  it.each(SCENES)(
    'gives the same bytes for the same request, whatever the order of keys',
    ({ observed }) => {
      const again = turned(observed) as Observed;
      const bytes = bytesOf(runFunction(requestFor(observed)));

      expect(bytesOf(runFunction(requestFor(observed)))).toBe(bytes);
      expect(bytesOf(runFunction(requestFor(again)))).toBe(bytes);
    },
  );

  it('survives an empty request', () => {
    const response = runFunction(RunFunctionRequest.fromJSON({}));

    expect(response.desired?.resources).toEqual({});
    expect(response.meta?.ttl?.seconds).toBeGreaterThan(0);
    expect(response.conditions[0]?.status).toBe(Status.STATUS_CONDITION_FALSE);
  });

  it('gives a plan that is plain JSON, the same after the wire', () => {
    const response = runFunction(requestFor(aScene('InstallingAgent').observed));
    const { resource } = response.desired?.resources[CLUSTER_PLAN] ?? {};

    expect(overTheWire(response).desired?.resources[CLUSTER_PLAN]?.resource).toEqual(resource);
  });
});
