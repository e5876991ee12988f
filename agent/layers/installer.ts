import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { fillIn } from '../../lib/core/substitution.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import {
  entryOf,
  labelled,
  removable,
  union,
  without,
  type Entry,
  type Inventory,
  type Release,
} from '../core/inventory.ts';
import type { HelmCli } from './helm.ts';
import { applyManifests, objectsIn } from './manifests.ts';
import { deleteOwn, JOB } from './objects.ts';
import { placed } from './scopes.ts';
import type { InventoryStore } from './store.ts';

/** InstallerParts are what layers are installed with. */
export interface InstallerParts {
  /** As the ServiceAccount of the layers. */
  readonly api: KubeApi;
  readonly store: InventoryStore;
  readonly helm: HelmCli;
}

/** Installer installs and removes single layers; safe to repeat after an end at any call. */
export class Installer {
  readonly #parts: InstallerParts;

  constructor(parts: InstallerParts) {
    this.#parts = parts;
  }

  /** Installs a layer completely and notes its hash at the end. */
  async install(
    layer: PlanLayer,
    hash: string,
    secrets: Readonly<Record<string, string>>,
  ): Promise<void> {
    const release = releaseOf(layer);
    const owned = await this.#takeOver(layer.name, release);
    const name = { layer: layer.name, installed: hash };
    if (release === undefined) {
      const objects = await this.#manifests(layer, secrets, owned);
      await this.#prune(layer.name, without(owned, objects));
      await this.#parts.store.write({ ...name, objects });
      return;
    }
    const objects = await this.#release(layer, release, secrets);
    await this.#prune(layer.name, owned);
    await this.#parts.store.write({ ...name, release, objects });
  }

  /**
   * Applies the manifests of a layer that is installed, so that what somebody has changed is as it shall
   * be. Costs no write where nothing has changed. A Job that has ended is not run again.
   */
  async repair(layer: PlanLayer, secrets: Readonly<Record<string, string>>): Promise<void> {
    const objects = objectsIn(layer.manifests ?? '', secrets)
      .filter(({ kind }) => kind !== JOB)
      .map((object) => labelled(object, layer.name));
    await applyManifests(this.#parts.api, objects, () => Promise.resolve());
  }

  /** What was there under the name; a release that is another one now goes first. */
  async #takeOver(name: string, release: Release | undefined): Promise<readonly Entry[]> {
    const before = await this.#inventoryOf(name);
    if (before?.release === undefined) return before?.objects ?? [];
    if (!isSame(before.release, release)) await this.#parts.helm.uninstall(before.release);
    return [];
  }

  /** Removes all that a layer has made. */
  async remove(name: string): Promise<void> {
    const inventory = await this.#inventoryOf(name);
    if (inventory?.release !== undefined) await this.#parts.helm.uninstall(inventory.release);
    else await this.#prune(name, inventory?.objects ?? []);
    await this.#parts.store.remove(name);
  }

  async #inventoryOf(name: string): Promise<Inventory | undefined> {
    const all = await this.#parts.store.list();
    return all.find(({ layer }) => layer === name);
  }

  async #manifests(
    layer: PlanLayer,
    secrets: Readonly<Record<string, string>>,
    owned: readonly Entry[],
  ): Promise<readonly Entry[]> {
    const { api, store } = this.#parts;
    const objects = objectsIn(layer.manifests ?? '', secrets).map((object) =>
      labelled(object, layer.name),
    );
    const done = await applyManifests(api, objects, async (made) => {
      await store.write({ layer: layer.name, objects: union(made.map(entryOf), owned) });
    });
    return done.map(entryOf);
  }

  async #release(
    { name, helm }: PlanLayer,
    release: Release,
    secrets: Readonly<Record<string, string>>,
  ): Promise<readonly Entry[]> {
    if (helm === undefined) return [];
    const { api, store, helm: cli } = this.#parts;
    await store.write({ layer: name, release, objects: [] });
    await cli.upgrade(api, release, helm, fillIn(helm.values, secrets));
    const objects = await cli.objects(release);
    return (await placed(api, objects, release.namespace)).map(entryOf);
  }

  async #prune(layer: string, gone: readonly Entry[]): Promise<void> {
    if (gone.length === 0) return;
    const { api, store } = this.#parts;
    await deleteOwn(api, removable(gone, layer, await store.list()), layer);
  }
}

function releaseOf({ name, helm }: PlanLayer): Release | undefined {
  if (helm === undefined) return undefined;
  return { name: helm.releaseName ?? name, namespace: helm.namespace };
}

function isSame(a: Release, b: Release | undefined): boolean {
  return a.name === b?.name && a.namespace === b.namespace;
}
