import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { isNotFound } from '../../lib/kube/errors.ts';
import { isClusterApi } from '../../provider/core/pivot/identity.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { CLUSTER_NAME, NAMESPACE } from './cluster.ts';
import type { FakeApiServer } from './api-server.ts';

/** FakeControllers report `Paused` for a cluster as the controllers of Cluster API do, a moment later. */
export class FakeControllers {
  readonly #server: FakeApiServer;
  #wanted = false;
  #working: Promise<void> = Promise.resolve();
  #alive = true;

  constructor(server: FakeApiServer) {
    this.#server = server;
  }

  /** They are as dead as a provider that crashes, until they come back. */
  set alive(alive: boolean) {
    this.#alive = alive;
    for (const object of this.#server.all(NAMESPACE)) this.changed(object);
  }

  /** To be told of every change. */
  changed(object: KubeObject): void {
    if (!this.#alive || !isClusterApi(object) || this.#wanted) return;
    this.#wanted = true;
    this.#working = new Promise((resolve) => {
      setImmediate(() => {
        this.#wanted = false;
        void this.#report().finally(resolve);
      });
    });
  }

  /** Resolves when nothing is left to report. */
  async settled(): Promise<void> {
    let last: Promise<void> | undefined;
    while (last !== this.#working) {
      last = this.#working;
      // oxlint-disable-next-line no-await-in-loop -- until no further work came up
      await last;
    }
  }

  async #report(): Promise<void> {
    const all = this.#server.all(NAMESPACE);
    const cluster = all.find(
      ({ kind, metadata }) => kind === 'Cluster' && metadata.name === CLUSTER_NAME,
    );
    const paused = recordIn(cluster, 'spec')?.['paused'] === true ? 'True' : 'False';
    for (const object of all.filter(reports)) {
      const { generation } = object.metadata;
      const now = conditionOf(object, 'Paused');
      if (now?.status === paused && now.observedGeneration === generation) continue;
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as events come
      await this.#write(object, { type: 'Paused', status: paused, observedGeneration: generation });
    }
  }

  async #write(object: KubeObject, condition: Readonly<Record<string, unknown>>): Promise<void> {
    const current = await this.#server.get(refOf(object));
    const status = recordIn(current, 'status');
    const conditions = Array.isArray(status?.['conditions']) ? status['conditions'] : [];
    const others = conditions.filter(
      (other: unknown) => recordIn({ other }, 'other')?.['type'] !== 'Paused',
    );
    const taken =
      condition['status'] === 'False' ? { observedGeneration: object.metadata.generation } : {};
    const patch = { status: { ...taken, conditions: [...others, condition] } };
    await this.#server
      .patch(refOf(object), patch, { subresource: 'status' })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }
}

function reports(object: KubeObject): boolean {
  return isClusterApi(object) && object.kind !== 'DevMachineTemplate';
}

/** FakeCrossplane lets go of a cluster once its Pivot says that it is released, as function and core do. */
export class FakeCrossplane {
  readonly #server: FakeApiServer;

  constructor(server: FakeApiServer) {
    this.#server = server;
  }

  /** To be told of every change. */
  changed(object: KubeObject): void {
    if (object.kind !== 'Pivot' || !isTrue(object, 'Released')) return;
    setImmediate(() => {
      const ref = { ...COMPOSITE, name: CLUSTER_NAME };
      void this.#server.patch(ref, { spec: { resourceRefs: [] } }).catch(() => undefined);
    });
  }
}

/** COMPOSITE is the kind of the composite. */
export const COMPOSITE = { apiVersion: 'managedcluster.io/v1alpha1', kind: 'XManagedCluster' };
