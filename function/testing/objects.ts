import { mergePatch } from '../../lib/core/merge-patch.ts';
import { type JsonObject, type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';

/** CREATED is the default creation time in tests. */
export const CREATED = '2026-01-01T00:00:00Z';

/** patched returns an object with a merge patch (RFC 7386) applied. */
export function patched(object: KubeObject, patch: JsonObject): KubeObject {
  const plain: JsonObject = JSON.parse(JSON.stringify(object));
  const result: unknown = mergePatch(plain, patch);
  if (!isRecord(result)) throw new Error('cannot patch an object into something else');
  const { apiVersion, kind, metadata } = { ...object, ...result };
  return { ...result, apiVersion, kind, metadata };
}

/** Report is the status of a condition, its status and reason, or undefined for no condition. */
export type Report = 'True' | 'False' | 'Unknown' | readonly [string, string, string?] | undefined;

/** reporting returns an object with conditions set, replaced or (undefined) removed. */
export function reporting(
  object: KubeObject,
  conditions: Readonly<Record<string, Report>>,
): KubeObject {
  const before = recordIn(object, 'status')?.['conditions'];
  const kept = (Array.isArray(before) ? before : []).filter(
    (condition: unknown) => !(isRecord(condition) && String(condition['type']) in conditions),
  );
  const set = Object.entries(conditions).flatMap(([type, report]) =>
    report === undefined ? [] : [aCondition(type, report)],
  );
  const status = { observedGeneration: object.metadata.generation, ...recordIn(object, 'status') };
  return { ...object, status: { ...status, conditions: [...kept, ...set] } };
}

function aCondition(type: string, report: NonNullable<Report>): JsonObject {
  const [status, reason, message] = typeof report === 'string' ? [report, 'Reported'] : report;
  return { type, status, reason, message: message ?? '', lastTransitionTime: CREATED };
}

/** anOperationalCluster returns a Cluster that satisfies gates G1 and G2 (CAPI v1.14). */
export function anOperationalCluster(cluster: KubeObject): KubeObject {
  const provisioned = patched(cluster, {
    spec: { controlPlaneEndpoint: { host: '192.0.2.1', port: 6443 } },
    status: {
      observedGeneration: 1,
      initialization: { infrastructureProvisioned: true, controlPlaneInitialized: true },
    },
  });
  return reporting(provisioned, {
    InfrastructureReady: 'True',
    ControlPlaneInitialized: 'True',
    RemoteConnectionProbe: 'True',
    Available: 'True',
    ...QUIET,
  });
}

/** anOperationalControlPlane returns a KubeadmControlPlane that satisfies the gates. */
export function anOperationalControlPlane(controlPlane: KubeObject): KubeObject {
  const counted = patched(controlPlane, {
    status: {
      observedGeneration: 1,
      replicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      upToDateReplicas: 1,
      version: 'v1.35.4',
    },
  });
  const report = { Initialized: 'True', Available: 'True', MachinesUpToDate: 'True' } as const;
  return reporting(counted, { ...report, ...QUIET });
}

const QUIET = {
  RollingOut: 'False',
  ScalingUp: 'False',
  ScalingDown: 'False',
  Remediating: 'False',
  Deleting: 'False',
} as const;

/** aMachine returns a Machine with a Ready Node. */
export function aMachine(name = 'demo-cp-1'): KubeObject {
  const machine = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: { name, namespace: 'team-a' },
    status: { nodeRef: { name } },
  };
  return reporting(machine, { Ready: 'True', Updating: 'False' });
}
