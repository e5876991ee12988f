import type { Side } from '../../lib/apis/ownership.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { StatusError } from '../../lib/kube/errors.ts';
import { once } from '../../lib/once.ts';
import { Background } from '../../lib/settled.ts';
import { clusterUid } from '../cluster-uid.ts';
import type { KubeconfigRef, ProviderDeps } from '../deps.ts';
import { absentApi } from './absent-api.ts';
import { boundedApi } from './bounded-api.ts';
import type { PivotMetrics } from './metrics.ts';
import type { Outages } from './outages.ts';
import type { PivotRecord } from './pivot-record.ts';
import type { Scope, Site } from './scope.ts';

/** Names of the policies of the fence (hack/generator/policies/fence-owner.yaml). */
const FENCE = /fence-(owner|machines)\.managedcluster\.io/;

/** ScopeParts is the input of {@link scopeOf}. */
export interface ScopeParts {
  readonly deps: ProviderDeps;
  readonly metrics: PivotMetrics;
  readonly outages: Outages;
  readonly record: PivotRecord;
  readonly signal: AbortSignal;
}

/** scopeOf starts a pass: it determines which API server is the source and which is the target. */
export async function scopeOf(parts: ScopeParts): Promise<Scope> {
  const { deps, metrics, outages, record, signal } = parts;
  const { namespace = '', name = '' } = record.object.metadata;
  const { clusterName, kubeconfigSecretRef, direction, source } = record.spec;
  function site(side: Side, server: KubeApi): Site {
    function onFailure(error: unknown): void {
      if (isFenced(error)) metrics.fenced();
      outages.failed(server, error);
    }
    const api = boundedApi(server, { signal, onFailure });
    return { side, api, server, reconnectingMs: () => outages.reconnectingMs(server) };
  }
  const forward = direction === 'ToWorkload';
  const escrow = !forward && source === 'Escrow';
  const management = site('management', deps.management);
  const ref = { namespace, ...kubeconfigSecretRef, cluster: clusterName };
  const workload = escrow ? undefined : site('workload', await workloadApi(deps, record, ref));
  return {
    deps,
    record,
    cluster: { namespace, name: clusterName },
    source: forward ? management : workload,
    target: forward ? (workload ?? management) : management,
    metrics,
    log: deps.log.child({ pivot: `${namespace}/${name}`, cluster: clusterName }),
    signal,
    managementUid: once(() => clusterUid(deps.management)),
    background: new Background(),
  };
}

async function workloadApi(
  deps: ProviderDeps,
  { deleted, committed }: PivotRecord,
  ref: KubeconfigRef,
): Promise<KubeApi> {
  try {
    return await deps.workload(ref);
  } catch (error) {
    if (!deleted || committed) throw error;
    const { namespace, name } = ref;
    const secret = await deps.management.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
    if (secret !== undefined) throw error;
    return absentApi;
  }
}

function isFenced(error: unknown): boolean {
  return error instanceof StatusError && FENCE.test(error.message);
}
