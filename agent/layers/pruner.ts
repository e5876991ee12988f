import { eachOf } from '../../lib/each-of.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import type { Logger } from '../../lib/log.ts';
import {
  among,
  entryOf,
  isOf,
  LAYER_LABEL,
  removable,
  titleOf,
  union,
  without,
  type Entry,
  type Inventory,
  type Kept,
  type Release,
} from '../core/inventory.ts';
import {
  HELM_POLICY,
  keepReason,
  keepsByItself,
  KEPT_ANNOTATION,
  UPGRADE_ANNOTATION,
  type PrunePolicy,
} from '../core/pruning.ts';
import type { HelmPort } from './helm.ts';
import { CONCURRENCY, deleteAll, found, LAYERS_MANAGER } from './objects.ts';
import { placed } from './scopes.ts';
import {
  keepInRelease,
  manifestOf,
  objectsOf,
  storedReleases,
  type StoredRelease,
} from './stored-release.ts';
import type { InventoryStore } from './store.ts';

/** PrunerParts are what layers are pruned with. */
export interface PrunerParts {
  /** As the ServiceAccount of the layers. */
  readonly api: KubeApi;
  readonly store: InventoryStore;
  readonly helm: HelmPort;
  readonly log: Logger;
}

/** UpgradeSteps are what a release is upgraded with. */
export interface UpgradeSteps {
  /** What the release would have afterwards. */
  readonly rendered: () => Promise<readonly KubeObject[]>;
  readonly upgrade: () => Promise<void>;
}

/** How Helm knows the objects of a release: with these it takes over what is there. */
const HELM_LABEL = 'app.kubernetes.io/managed-by';
const HELM_NAME = 'meta.helm.sh/release-name';
const HELM_NAMESPACE = 'meta.helm.sh/release-namespace';

/** Without the mark for the time of an upgrade. */
const UNMARKED = { annotations: { [HELM_POLICY]: null, [UPGRADE_ANNOTATION]: null } };

/**
 * Pruner takes away what a layer no longer has, and lets go what must not be deleted: that is noted in
 * the inventory first, and from then on is no more ours than what anybody else has made.
 */
export class Pruner {
  readonly #parts: PrunerParts;

  constructor(parts: PrunerParts) {
    this.#parts = parts;
  }

  /**
   * Objects of a layer of manifests. What another layer has stays with that one, and what does not bear
   * the layer's label any longer was made anew by somebody else. Gives the inventory with what was kept.
   */
  async objects(inventory: Inventory, gone: readonly Entry[]): Promise<Inventory> {
    const { api, store } = this.#parts;
    const { layer, prune } = inventory;
    if (gone.length === 0) return inventory;
    const there = await found(api, removable(gone, layer, await store.list()));
    const own = there.filter((object) => isOf(object, layer));
    const kept = keptOf(own, prune);
    const next = await this.#note(inventory, kept);
    await this.#mark(kept, { labels: { [LAYER_LABEL]: null } });
    await deleteAll(
      api,
      own.filter((object) => keepReason(object, prune) === undefined),
    );
    return next;
  }

  /** The whole release of an inventory. Gives the inventory with what was kept. */
  async release(inventory: Inventory): Promise<Inventory> {
    const { api, helm } = this.#parts;
    const { release, prune } = inventory;
    if (release === undefined) return inventory;
    await this.#endUpgrade(inventory);
    const stored = (await storedReleases(api, release)).at(-1);
    const kept = await this.#keptOf(stored, release, prune);
    const next = await this.#note(inventory, kept);
    if (stored !== undefined && kept.length > 0) {
      await keepInRelease(api, stored, (object) => isAmong(kept, object, release));
    }
    await helm.uninstall(release);
    return next;
  }

  /**
   * An upgrade of a release. What the chart no longer has but must be kept is marked meanwhile, so that
   * Helm leaves it; what was kept earlier and is in the chart again is given to the release before. Gives
   * the inventory with what was kept.
   */
  async upgrade(inventory: Inventory, release: Release, steps: UpgradeSteps): Promise<Inventory> {
    const { api } = this.#parts;
    const { kept: earlier = [], prune } = inventory;
    await this.#endUpgrade(inventory);
    const all = await storedReleases(api, release);
    const stored = all.findLast(({ deployed }) => deployed) ?? all.at(-1);
    const candidates = await this.#keptOf(stored, release, prune);
    if (candidates.length === 0 && earlier.length === 0) {
      await steps.upgrade();
      return inventory;
    }
    const objects = await this.#placed(await steps.rendered(), release);
    const next = objects.map(entryOf);
    const kept = without(candidates, next);
    const noted = await this.#note(inventory, kept);
    await this.#giveTo(release, among(earlier, next));
    await this.#whileKept(kept, steps.upgrade);
    return noted;
  }

  /** What a layer has again is no longer marked as kept. */
  async takeBack(kept: readonly Entry[]): Promise<void> {
    await this.#mark(kept, { annotations: { [KEPT_ANNOTATION]: null } });
  }

  /** What of a release is there and would be kept, by what it says in the cluster or in the chart. */
  async #keptOf(
    stored: StoredRelease | undefined,
    release: Release,
    policy: PrunePolicy | undefined,
  ): Promise<readonly Kept[]> {
    if (stored === undefined) return [];
    const written = await this.#placed(objectsOf(manifestOf(stored)), release);
    const there = await found(this.#parts.api, written.map(entryOf));
    return union(keptOf(there, policy), among(keptOf(written, policy), there.map(entryOf)));
  }

  /** Of a kind that is no longer served nothing is left. */
  async #placed(
    objects: readonly KubeObject[],
    { namespace }: Release,
  ): Promise<readonly KubeObject[]> {
    const all = await eachOf(objects, CONCURRENCY, async (object) => {
      try {
        return await placed(this.#parts.api, [object], namespace);
      } catch (error) {
        if (isNoMatch(error)) return [];
        throw error;
      }
    });
    return all.flat();
  }

  async #note(inventory: Inventory, kept: readonly Kept[]): Promise<Inventory> {
    if (kept.length === 0) return inventory;
    const next = { ...inventory, kept: union(kept, inventory.kept ?? []) };
    await this.#parts.store.write(next);
    for (const one of kept) {
      const { log } = this.#parts;
      log.info({ layer: inventory.layer, object: titleOf(one), why: one.why }, 'object kept');
    }
    await this.#mark(kept, { annotations: { [KEPT_ANNOTATION]: inventory.layer } });
    return next;
  }

  /** An upgrade looks at the objects in the cluster, other than the end of a release. */
  async #whileKept(kept: readonly Kept[], work: () => Promise<void>): Promise<void> {
    const there = await found(this.#parts.api, kept);
    const open = there.filter((object) => !keepsByItself(object)).map(entryOf);
    await this.#mark(open, { annotations: { [HELM_POLICY]: 'keep', [UPGRADE_ANNOTATION]: '' } });
    try {
      await work();
    } finally {
      await this.#mark(open, UNMARKED);
    }
  }

  /** An agent that died during an upgrade has left its marks; what it has marked it had noted before. */
  async #endUpgrade({ kept = [] }: Inventory): Promise<void> {
    const there = await found(this.#parts.api, kept);
    const marked = there.filter(
      ({ metadata }) => metadata.annotations?.[UPGRADE_ANNOTATION] !== undefined,
    );
    await this.#mark(marked.map(entryOf), UNMARKED);
  }

  /** What Helm would otherwise not touch, because it belongs to no release or to one that is gone. */
  async #giveTo(release: Release, kept: readonly Kept[]): Promise<void> {
    const { api } = this.#parts;
    const objects = await found(api, kept);
    const free = await eachOf(objects, CONCURRENCY, async (object) => {
      const { [HELM_NAME]: name, [HELM_NAMESPACE]: namespace } = object.metadata.annotations ?? {};
      if (name === undefined || namespace === undefined) return [object];
      const owned = await storedReleases(api, { name, namespace });
      return owned.length === 0 ? [object] : [];
    });
    await this.#mark(free.flat().map(entryOf), {
      labels: { [HELM_LABEL]: 'Helm' },
      annotations: { [HELM_NAME]: release.name, [HELM_NAMESPACE]: release.namespace },
    });
  }

  async #mark(entries: readonly Entry[], metadata: unknown): Promise<void> {
    const { api } = this.#parts;
    await eachOf(await found(api, entries), CONCURRENCY, async (object) => {
      const entry = entryOf(object);
      await wrapError(
        `mark ${titleOf(entry)}`,
        api.patch(entry, { metadata }, { fieldManager: LAYERS_MANAGER }),
      );
    });
  }
}

function keptOf(objects: readonly KubeObject[], policy: PrunePolicy | undefined): readonly Kept[] {
  return objects.flatMap((object) => {
    const why = keepReason(object, policy);
    return why === undefined ? [] : [{ ...entryOf(object), why }];
  });
}

/** Whether an object, as a chart writes it, is among those that were found in the cluster. */
function isAmong(kept: readonly Entry[], object: KubeObject, { namespace }: Release): boolean {
  const entry = entryOf(object);
  const { namespace: _said, ...nowhere } = entry;
  const places: readonly Entry[] = [{ ...entry, namespace: entry.namespace ?? namespace }, nowhere];
  return among(places, kept).length > 0;
}
