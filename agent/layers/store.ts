import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { LAYERS_MANAGER } from './objects.ts';
import {
  inventoryObject,
  inventoryOf,
  INVENTORY_LABEL,
  type Inventory,
} from '../core/inventory.ts';

const CONFIG_MAPS = { apiVersion: 'v1', kind: 'ConfigMap', namespace: AGENT_NAMESPACE };

/** InventoryStore keeps the inventories of all layers, in ConfigMaps of the cluster. */
export interface InventoryStore {
  list(): Promise<readonly Inventory[]>;
  write(inventory: Inventory): Promise<void>;
  remove(layer: string): Promise<void>;
}

/** Only one agent writes, so its writes are cached; a periodic read detects changes by others. */
const LOOK_MS = 30_000;

/** Creates the store with the client of the layers. */
export function createInventoryStore(api: KubeApi): InventoryStore {
  let known: ReadonlyMap<string, Inventory> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let writes = 0;

  async function read(): Promise<ReadonlyMap<string, Inventory>> {
    const all = api.list(CONFIG_MAPS, { labelSelector: INVENTORY_LABEL });
    const { items } = await wrapError('read the inventories of the layers', all);
    const inventories = items.flatMap((item) => inventoryOf(item) ?? []);
    return new Map(inventories.map((inventory) => [inventory.layer, inventory]));
  }

  return {
    async list(): Promise<readonly Inventory[]> {
      if (performance.now() - readAt > LOOK_MS) {
        const [begun, before] = [performance.now(), writes];
        const found = await read();
        // Writes during the list may be missing in it: the next call lists again.
        if (before === writes) [known, readAt] = [found, begun];
      }
      return [...known.values()];
    },
    async write(inventory): Promise<void> {
      const options = { fieldManager: LAYERS_MANAGER, force: true };
      const written = api.apply(inventoryObject(inventory), options);
      await wrapError(`write the inventory of layer ${inventory.layer}`, written);
      writes += 1;
      known = new Map([...known, [inventory.layer, inventory]]);
    },
    async remove(layer): Promise<void> {
      const gone = api.delete(refOf(inventoryObject({ layer, objects: [] })));
      await wrapError(`delete the inventory of layer ${layer}`, gone);
      writes += 1;
      known = new Map([...known].filter(([name]) => name !== layer));
    },
  };
}
