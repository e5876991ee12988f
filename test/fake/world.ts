import { Registry } from 'prom-client';
import { PIVOT } from '../../lib/apis/kinds.ts';
import type { Pivot, PivotSpec } from '../../lib/apis/pivot.generated.ts';
import type { KubeObject, OwnerReference } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { createLogger } from '../../lib/log.ts';
import { isConflict, isUnreachable } from '../../lib/kube/errors.ts';
import { ownershipOf } from '../../provider/core/pivot/ownership.ts';
import type { ProviderDeps } from '../../provider/deps.ts';
import { pivotController } from '../../provider/pivot/controller.ts';
import { CLUSTER_NAME, installKinds, makeCluster, NAMESPACE } from './cluster.ts';
import { COMPOSITE, FakeControllers, FakeCrossplane } from './controllers.ts';
import { FakeApiServer } from './api-server.ts';
import { NO_OPTIONS } from './provider-options.ts';

/** PIVOT_NAME names the Pivots of these tests. */
export const PIVOT_NAME = 'handover';

/** Wrap stands between a controller and an API server, to see or to break its requests. */
export type Wrap = (api: KubeApi, side: 'management' | 'workload') => KubeApi;

/** RunOptions say how a controller runs. */
export interface RunOptions {
  readonly wrap?: Wrap;
  readonly name?: string;
  /** Whether the process of the controller has been killed. */
  readonly isDead?: () => boolean;
}

/** FakeWorld is both sides with one cluster. */
export class FakeWorld {
  readonly management = new FakeApiServer('management');
  readonly workload = new FakeApiServer('workload');
  /** What must never be, in words. */
  readonly violations: string[] = [];
  readonly events: string[] = [];
  readonly controllers = {
    management: new FakeControllers(this.management),
    workload: new FakeControllers(this.workload),
  };
  /** Wall clock of the provider. */
  now = Date.parse('2026-01-01T00:00:00Z');
  /** The provider's clock that cannot jump: a second passes with each pass. */
  monotonicMs = 0;
  readonly #crossplane = new FakeCrossplane(this.management);

  /** Makes it; `composed` tells whether a composite controls the cluster. */
  async begin({
    composed,
    workers,
  }: {
    readonly composed: boolean;
    readonly workers: number;
  }): Promise<void> {
    await Promise.all([installKinds(this.management), installKinds(this.workload)]);
    await makeCluster(this.management, {
      workers,
      ...(composed ? { composite: await this.#composite() } : {}),
    });
    for (const side of ['management', 'workload'] as const) {
      this[side].onChange = (object) => this.#changed(side, object);
    }
  }

  async #composite(): Promise<OwnerReference> {
    const { metadata } = await this.management.create({
      ...COMPOSITE,
      metadata: { name: CLUSTER_NAME },
      spec: { resourceRefs: [{ apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster' }] },
      status: {},
    });
    await this.management.patch(
      { ...COMPOSITE, name: CLUSTER_NAME },
      { status: { conditions: [{ type: 'Synced', status: 'True' }] } },
      { subresource: 'status' },
    );
    const { uid = '' } = metadata;
    return { ...COMPOSITE, name: CLUSTER_NAME, uid, controller: true, blockOwnerDeletion: true };
  }

  #changed(side: 'management' | 'workload', object: KubeObject): void {
    this.controllers[side].changed(object);
    this.#crossplane.changed(object);
    if (object.kind !== 'Cluster') return;
    const both = [this.management, this.workload].flatMap((server) => clusterIn(server));
    if (both.filter((cluster) => !ownershipOf(cluster).paused).length > 1) {
      this.violations.push('both sides run the cluster');
    }
  }

  /** Makes a Pivot. */
  async pivot(spec: Partial<PivotSpec> = {}, name = PIVOT_NAME): Promise<void> {
    await this.management.create({
      ...PIVOT,
      metadata: { name, namespace: NAMESPACE },
      spec: {
        clusterName: CLUSTER_NAME,
        kubeconfigSecretRef: { name: 'access', key: 'value' },
        direction: 'ToWorkload',
        abort: false,
        source: 'Cluster',
        ...spec,
      },
    });
  }

  /** The Pivot as it is now. */
  async state(name = PIVOT_NAME): Promise<Pivot> {
    const found = await this.management.get({ ...PIVOT, namespace: NAMESPACE, name });
    if (found === undefined) throw new Error(`there is no Pivot ${name}`);
    return found as Pivot;
  }

  /** Passes of a fresh controller, one after the other, until the test says so, or nothing moves any more. */
  async run(
    until: (pivot: Pivot) => boolean,
    { wrap = (api) => api, name = PIVOT_NAME, isDead = () => false }: RunOptions = {},
  ): Promise<Pivot> {
    const { reconciler } = pivotController(this.#deps(wrap), () => this.monotonicMs);
    const signal = new AbortController().signal;
    for (let passes = 0; passes < 60; passes += 1) {
      this.monotonicMs += 1000;
      // oxlint-disable-next-line no-await-in-loop -- one pass after the other
      await reconciler.reconcile({ namespace: NAMESPACE, name }, signal).catch((error: unknown) => {
        if (!isConflict(error) && !isUnreachable(error)) throw error;
      });
      if (isDead()) return this.state(name);
      // oxlint-disable-next-line no-await-in-loop -- see above
      const pivot = await this.state(name);
      if (until(pivot)) return pivot;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
    return this.state(name);
  }

  #deps(wrap: Wrap): ProviderDeps {
    const workload = wrap(this.workload, 'workload');
    return {
      management: wrap(this.management, 'management'),
      workload: () => Promise.resolve(workload),
      log: createLogger('silent'),
      events: { event: (_object, _type, reason) => this.events.push(reason) },
      metrics: new Registry(),
      clock: { now: () => new Date(this.now) },
      options: NO_OPTIONS,
    };
  }
}

/** clusterIn is the Cluster on a server, if it is there. */
export function clusterIn(server: FakeApiServer): readonly KubeObject[] {
  return server.all(NAMESPACE).filter(({ kind }) => kind === 'Cluster');
}
