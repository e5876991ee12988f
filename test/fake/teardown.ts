import { Registry } from 'prom-client';
import { CLUSTER_NAME_LABEL, CONTROL_PLANE_LABEL } from '../../capi/labels.ts';
import {
  AGENT_INSTALLATION,
  CLUSTER_PLAN,
  NAMESPACED_MANAGED_CLUSTER,
  PIVOT,
  X_MANAGED_CLUSTER,
} from '../../lib/apis/kinds.ts';
import { HOLD_LABEL, TEARDOWN_FINALIZER } from '../../lib/apis/ownership.ts';
import { isTrue } from '../../lib/core/conditions.ts';
import type { KubeObject, OwnerReference } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { isConflict, isUnreachable, UnreachableError } from '../../lib/kube/errors.ts';
import { createLogger } from '../../lib/log.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import { isClusterApi } from '../../provider/core/pivot/identity.ts';
import { ownershipOf } from '../../provider/core/pivot/ownership.ts';
import type { ControllerParts, ProviderDeps } from '../../provider/deps.ts';
import { pivotController } from '../../provider/pivot/controller.ts';
import { teardownController } from '../../provider/teardown/controller.ts';
import { CLUSTER_NAME, NAMESPACE } from './cluster.ts';
import { type Cut, WriteCount } from './write-count.ts';
import type { FakeApiServer } from './api-server.ts';
import { LEVELS, take } from './deletion-order.ts';
import { FakeWorld, type RunOptions, type Wrap } from './world.ts';
import { NO_OPTIONS } from './provider-options.ts';

/** Where a cluster is when its composite is deleted. */
export type Stage = 'BeforePivot' | 'BeforeCommit' | 'Committed' | 'AfterCommit' | 'SelfManaged';

/** The write at which the pivot was left. */
const CUTS = {
  BeforePivot: { at: 1, when: 'Before' },
  BeforeCommit: { at: 21, when: 'After' },
  Committed: { at: 40, when: 'After' },
  AfterCommit: { at: 72, when: 'After' },
} as const satisfies Partial<Record<Stage, Cut>>;

const BEHIND_COMMIT: readonly Stage[] = ['Committed', 'AfterCommit', 'SelfManaged'];

const COMPOSITE = { ...X_MANAGED_CLUSTER, name: CLUSTER_NAME };
const KEY: Key = { namespace: '', name: CLUSTER_NAME };
const NAMED = { namespace: NAMESPACE, name: CLUSTER_NAME };
const MARKS = { 'crossplane.io/composite': CLUSTER_NAME, [HOLD_LABEL]: '' };

/** Wish is what the user says of the deletion. */
export interface Wish {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The composite is not deleted. */
  readonly keep?: boolean;
}

/** FakeTeardown is a world in memory in which a composite has just been deleted. */
export class FakeTeardown {
  readonly world = new FakeWorld();
  /** Kinds as Cluster API took them away, in order. */
  readonly order: string[] = [];
  /** Whether the API of the cluster is gone for good. */
  dead = false;

  /** Makes the cluster, brings it to its stage, and deletes the composite. */
  async begin(
    stage: Stage,
    { spec = {}, annotations = {}, keep = false }: Wish = {},
  ): Promise<void> {
    const { world } = this;
    const { management } = world;
    await world.begin({ composed: true, workers: 1 });
    await this.#mark();
    const ownerReferences = await this.#owners();
    await Promise.all(
      [AGENT_INSTALLATION, CLUSTER_PLAN].map((type) =>
        management.create({
          ...type,
          metadata: { ...NAMED, labels: MARKS, ownerReferences },
          spec: {},
        }),
      ),
    );
    const conditions = [{ type: 'Ready', status: 'True' }];
    const installation = { ...AGENT_INSTALLATION, ...NAMED };
    await management.patch(installation, { status: { conditions } }, { subresource: 'status' });
    if (stage !== 'BeforePivot') await this.#pivot(stage);
    const claimRef = { ...NAMED };
    await management.patch(COMPOSITE, {
      metadata: { finalizers: [TEARDOWN_FINALIZER], annotations },
      spec: { claimRef, ...spec },
    });
    if (!keep) await this.deleteComposite();
  }

  /** Deletes the composite of a cluster that was kept. */
  async deleteComposite(): Promise<void> {
    await this.world.management.delete(COMPOSITE);
  }

  /** What Crossplane writes on what it composes. */
  async #owners(): Promise<readonly OwnerReference[]> {
    const { uid = '' } = (await this.world.management.get(COMPOSITE))?.metadata ?? {};
    return [{ ...COMPOSITE, uid, controller: true, blockOwnerDeletion: true }];
  }

  /** What Cluster API and the function mark their objects with. */
  async #mark(): Promise<void> {
    const { management } = this.world;
    const patches = management
      .all(NAMESPACE)
      .filter(isClusterApi)
      .map((object) => {
        const master = object.kind === 'Machine' && object.metadata.name?.includes('-cp-');
        const labels = {
          [CLUSTER_NAME_LABEL]: CLUSTER_NAME,
          ...(master ? { [CONTROL_PLANE_LABEL]: '' } : {}),
          ...(object.kind === 'Cluster' ? MARKS : {}),
        };
        const finalizers = object.kind.endsWith('Template')
          ? []
          : [`${object.kind}.cluster.x-k8s.io`];
        return management.patch(refOf(object), { metadata: { labels, finalizers } });
      });
    await Promise.all(patches);
    await this.world.controllers.management.settled();
  }

  async #pivot(stage: Stage): Promise<void> {
    const { world } = this;
    await world.pivot({}, CLUSTER_NAME);
    const ref = { ...PIVOT, ...NAMED };
    await world.management.patch(ref, {
      metadata: { labels: MARKS, ownerReferences: await this.#owners() },
    });
    const count = new WriteCount(stage === 'SelfManaged' ? undefined : CUTS[stage]);
    await world.run((pivot) => isTrue(pivot, 'Ready'), {
      name: CLUSTER_NAME,
      wrap: count.wrap,
      isDead: () => count.dead,
    });
    const pivot = await world.management.get(ref);
    if (isTrue(pivot, 'Committed') !== BEHIND_COMMIT.includes(stage)) {
      throw new Error(
        `the pivot was not cut where it should: ${JSON.stringify(pivot?.['status'])}`,
      );
    }
    const plan = { ...CLUSTER_PLAN, ...NAMED };
    await world.management.patch(plan, { spec: { handedOver: stage === 'SelfManaged' } });
  }

  /** Passes of fresh controllers until the composite is gone; the controller of Pivots is never killed. */
  async run({ wrap = (api) => api, isDead = () => false }: RunOptions = {}): Promise<boolean> {
    const teardown = teardownController(this.#deps(wrap));
    const pivots = pivotController(this.#deps((api) => api));
    for (let passes = 0; passes < 200; passes += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one pass after the other
      await this.#pass(teardown, KEY);
      if (isDead()) return false;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await this.#others(pivots);
      // oxlint-disable-next-line no-await-in-loop -- see above
      if ((await this.world.management.get(COMPOSITE)) === undefined) return true;
    }
    return false;
  }

  /** Passes of one Teardown, one for each call; no Pivot gets on meanwhile. */
  passes(): () => Promise<void> {
    const teardown = teardownController(this.#deps((api) => api));
    return () => this.#pass(teardown, KEY);
  }

  /** The composite as it is. */
  composite(): Promise<KubeObject | undefined> {
    return this.world.management.get(COMPOSITE);
  }

  /** Rounds of one Teardown, one for each call: what it sees it remembers, and all others get on as well. */
  rounds(): () => Promise<void> {
    const pass = this.passes();
    const pivots = pivotController(this.#deps((api) => api));
    return () => pass().then(() => this.#others(pivots));
  }

  async #others(pivots: ControllerParts): Promise<void> {
    await this.#pass(pivots, NAMED);
    await this.#pass(pivots, { namespace: NAMESPACE, name: `${CLUSTER_NAME}-back` });
    await this.#clusterApi(this.world.management);
  }

  /** Makes a second composite that asks for the same cluster, deletes it, and passes until it is gone. */
  async runNamesake(): Promise<boolean> {
    const { management } = this.world;
    const ref = { ...NAMESPACED_MANAGED_CLUSTER, ...NAMED };
    const metadata = { ...NAMED, finalizers: [TEARDOWN_FINALIZER] };
    await management.create({ ...NAMESPACED_MANAGED_CLUSTER, metadata, spec: {} });
    await management.delete(ref);
    const teardown = teardownController(this.#deps((api) => api));
    for (let passes = 0; passes < 10; passes += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one pass after the other
      await this.#pass(teardown, NAMED);
      // oxlint-disable-next-line no-await-in-loop -- see above
      if ((await management.get(ref)) === undefined) return true;
    }
    return false;
  }

  async #pass({ reconciler }: ControllerParts, key: Key): Promise<void> {
    const { signal } = new AbortController();
    await reconciler.reconcile(key, signal).catch((error: unknown) => {
      if (!isConflict(error) && !isUnreachable(error)) throw error;
    });
    await this.world.controllers.management.settled();
    await this.world.controllers.workload.settled();
  }

  /** What the Cluster controller does next about a Cluster that is being deleted. */
  async #clusterApi(server: FakeApiServer): Promise<void> {
    const all = server.all(NAMESPACE);
    const cluster = all.find(({ kind }) => kind === 'Cluster');
    if (cluster?.metadata.deletionTimestamp === undefined || ownershipOf(cluster).paused) return;
    const level = LEVELS.map((belongs) => all.filter(belongs)).find(({ length }) => length > 0);
    for (const object of level ?? [cluster]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await take(server, object).then(
        () => this.order.push(object.kind),
        () => undefined,
      );
    }
  }

  #deps(wrap: Wrap): ProviderDeps {
    const { management, workload } = this.world;
    return {
      management: wrap(management, 'management'),
      workload: () =>
        this.dead
          ? Promise.reject(new UnreachableError('no route to host'))
          : Promise.resolve(wrap(workload, 'workload')),
      log: createLogger('silent'),
      events: { event: () => undefined },
      metrics: new Registry(),
      clock: { now: () => new Date(this.world.now) },
      options: NO_OPTIONS,
    };
  }
}
