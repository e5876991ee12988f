import type { Helm, PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { fillIn } from '../../lib/core/substitution.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { Logger } from '../../lib/log.ts';
import {
  among,
  entryOf,
  labelled,
  union,
  without,
  type Inventory,
  type Release,
} from '../core/inventory.ts';
import type { HelmPort } from './helm.ts';
import { applyManifests, objectsIn } from './manifests.ts';
import { JOB } from './objects.ts';
import { Pruner } from './pruner.ts';
import { placed } from './scopes.ts';
import type { InventoryStore } from './store.ts';

/** InstallerParts are the dependencies of the installer. */
export interface InstallerParts {
  /** Impersonates the ServiceAccount of the layers. */
  readonly api: KubeApi;
  readonly store: InventoryStore;
  readonly helm: HelmPort;
  readonly log: Logger;
}

/** Installer installs and removes single layers; idempotent after a crash at any call. */
export class Installer {
  readonly #parts: InstallerParts;
  readonly #pruner: Pruner;

  constructor(parts: InstallerParts) {
    this.#parts = parts;
    this.#pruner = new Pruner(parts);
  }

  /** Installs a layer completely and then records its hash. */
  async install(
    layer: PlanLayer,
    hash: string,
    secrets: Readonly<Record<string, string>>,
  ): Promise<void> {
    const before = await this.#takeOver(layer);
    const made =
      layer.helm === undefined
        ? await this.#manifests(layer, secrets, before)
        : await this.#release(layer, layer.helm, secrets, before);
    const all = { ...made, objects: union(made.objects, before.objects) };
    const gone = without(before.objects, made.objects);
    const { kept = [] } = await this.#pruner.objects(all, gone);
    await this.#pruner.takeBack(among(kept, made.objects));
    await this.#parts.store.write({
      ...made,
      installed: hash,
      kept: without(kept, made.objects),
    });
  }

  /**
   * Applies the manifests of an installed layer again to correct drift. Unchanged objects are not written.
   * A finished Job is not run again.
   */
  async repair(layer: PlanLayer, secrets: Readonly<Record<string, string>>): Promise<void> {
    const objects = objectsIn(layer.manifests ?? '', secrets)
      .filter(({ kind }) => kind !== JOB)
      .map((object) => labelled(object, layer.name));
    await applyManifests(this.#parts.api, objects, () => Promise.resolve());
  }

  /** Removes all objects of a layer; a record of the objects that must not be deleted is kept. */
  async remove(name: string): Promise<void> {
    const { store } = this.#parts;
    const inventory = (await this.#inventoryOf(name)) ?? { layer: name, objects: [] };
    const { kept = [] } =
      inventory.release === undefined
        ? await this.#pruner.objects(inventory, inventory.objects)
        : await this.#pruner.release(inventory);
    if (kept.length === 0) await store.remove(name);
    else await store.write({ layer: name, objects: [], kept, removed: true });
  }

  /** The inventory for the layer as it is now; a different release is uninstalled first. */
  async #takeOver(layer: PlanLayer): Promise<Inventory> {
    const { name, prune } = layer;
    const before = await this.#inventoryOf(name);
    const said = { layer: name, ...(prune === undefined ? {} : { prune }) };
    const start = { ...said, objects: before?.objects ?? [], kept: before?.kept ?? [] };
    if (before?.release === undefined) return start;
    if (isSame(before.release, releaseOf(layer))) return { ...start, objects: [] };
    const { prune: _last, ...old } = before;
    const { kept = [] } = await this.#pruner.release({ ...old, ...said });
    return { ...start, objects: [], kept };
  }

  async #inventoryOf(name: string): Promise<Inventory | undefined> {
    const all = await this.#parts.store.list();
    return all.find(({ layer }) => layer === name);
  }

  async #manifests(
    layer: PlanLayer,
    secrets: Readonly<Record<string, string>>,
    before: Inventory,
  ): Promise<Inventory> {
    const { api, store } = this.#parts;
    const objects = objectsIn(layer.manifests ?? '', secrets).map((object) =>
      labelled(object, layer.name),
    );
    const done = await applyManifests(api, objects, async (made) => {
      await store.write({ ...before, objects: union(made.map(entryOf), before.objects) });
    });
    return { ...before, objects: done.map(entryOf) };
  }

  async #release(
    layer: PlanLayer,
    helm: Helm,
    secrets: Readonly<Record<string, string>>,
    before: Inventory,
  ): Promise<Inventory> {
    const { api, store, helm: cli } = this.#parts;
    const release = releaseIn(layer.name, helm);
    const values = fillIn(helm.values, secrets);
    const start = { ...before, release, objects: [] };
    await store.write(start);
    const noted = await this.#pruner.upgrade(start, release, {
      rendered: () => cli.rendered(release, helm, values),
      upgrade: () => cli.upgrade(api, release, helm, values),
    });
    const objects = await cli.objects(release);
    return { ...noted, objects: (await placed(api, objects, release.namespace)).map(entryOf) };
  }
}

function releaseOf({ name, helm }: PlanLayer): Release | undefined {
  return helm === undefined ? undefined : releaseIn(name, helm);
}

function releaseIn(layer: string, { releaseName, namespace }: Helm): Release {
  return { name: releaseName ?? layer, namespace };
}

function isSame(a: Release, b: Release | undefined): boolean {
  return a.name === b?.name && a.namespace === b.namespace;
}
