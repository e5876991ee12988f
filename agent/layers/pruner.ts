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

/** PrunerParts are the dependencies of the pruner. */
export interface PrunerParts {
  /** Impersonates the ServiceAccount of the layers. */
  readonly api: KubeApi;
  readonly store: InventoryStore;
  readonly helm: HelmPort;
  readonly log: Logger;
}

/** UpgradeSteps are the calls of an upgrade of a release. */
export interface UpgradeSteps {
  /** The objects that the release would have afterwards. */
  readonly rendered: () => Promise<readonly KubeObject[]>;
  readonly upgrade: () => Promise<void>;
}

/** The metadata with which Helm recognizes and adopts the objects of a release. */
const HELM_LABEL = 'app.kubernetes.io/managed-by';
const HELM_NAME = 'meta.helm.sh/release-name';
const HELM_NAMESPACE = 'meta.helm.sh/release-namespace';

/** Removes the mark for the duration of an upgrade. */
const UNMARKED = { annotations: { [HELM_POLICY]: null, [UPGRADE_ANNOTATION]: null } };

/**
 * Pruner deletes the objects that a layer no longer has, and releases those that must not be deleted: they
 * are first recorded in the inventory, and from then on are treated as objects of others.
 */
export class Pruner {
  readonly #parts: PrunerParts;

  constructor(parts: PrunerParts) {
    this.#parts = parts;
  }

  /**
   * Prunes a layer of manifests. Objects of another layer are kept, and so are objects without the layer's
   * label, which were re-created by someone else. Returns the inventory with the kept objects.
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

  /** Uninstalls the release of an inventory. Returns the inventory with the kept objects. */
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
   * Upgrades a release. Objects that left the chart but must be kept are marked meanwhile, so that Helm
   * does not delete them; objects that were kept earlier and are in the chart again are first given back
   * to the release. Returns the inventory with the kept objects.
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

  /** Removes the mark of kept objects that the layer has again. */
  async takeBack(kept: readonly Entry[]): Promise<void> {
    await this.#mark(kept, { annotations: { [KEPT_ANNOTATION]: null } });
  }

  /** The existing objects of a release that would be kept, by their annotations in the cluster or the chart. */
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

  /** A kind that is no longer served has no objects. */
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

  /** Helm reads the policy from the cluster during an upgrade, but not when it uninstalls. */
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

  /** An agent that crashed during an upgrade leaves its marks; every marked object is in the inventory. */
  async #endUpgrade({ kept = [] }: Inventory): Promise<void> {
    const there = await found(this.#parts.api, kept);
    const marked = there.filter(
      ({ metadata }) => metadata.annotations?.[UPGRADE_ANNOTATION] !== undefined,
    );
    await this.#mark(marked.map(entryOf), UNMARKED);
  }

  /** Objects that Helm would reject, because they belong to no release or to a deleted one. */
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

/** Whether an object of a chart exists in the cluster. */
function isAmong(kept: readonly Entry[], object: KubeObject, { namespace }: Release): boolean {
  const entry = entryOf(object);
  const { namespace: _said, ...nowhere } = entry;
  const places: readonly Entry[] = [{ ...entry, namespace: entry.namespace ?? namespace }, nowhere];
  return among(places, kept).length > 0;
}
