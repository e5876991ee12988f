import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { nameOf } from '../../lib/core/names.ts';
import { groupOf, type KubeObject, isRecord } from '../../lib/core/object.ts';
import type { PrunePolicy } from './pruning.ts';

/** INVENTORY_LABEL is on the inventory of a layer: the name of the layer. */
export const INVENTORY_LABEL = 'managedcluster.io/layer-inventory';

/** LAYER_LABEL is on every object that a layer of manifests has made: the name of the layer. */
export const LAYER_LABEL = 'managedcluster.io/layer';

/** Entry names one object that a layer has made. */
export interface Entry {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Kept is an object that a layer has let go, but not deleted. */
export interface Kept extends Entry {
  /** Why, as a clause. */
  readonly why: string;
}

/** Release names a release of Helm. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
}

/** Inventory is what a layer has made in the cluster. It is written before the first object is. */
export interface Inventory {
  readonly layer: string;
  /** Hash of what was installed completely; absent while it is under way. */
  readonly installed?: string;
  /** The release; absent for manifests. */
  readonly release?: Release;
  /** What the layer said last; absent: Safe. A layer that was removed stands in no plan any more. */
  readonly prune?: PrunePolicy;
  readonly objects: readonly Entry[];
  /** What was let go and is not in the layer again. */
  readonly kept?: readonly Kept[];
  /** The layer is gone: all that is left is the record of what was kept. */
  readonly removed?: true;
}

/** inventoryObject is the ConfigMap that keeps an inventory. */
export function inventoryObject(inventory: Inventory): KubeObject {
  const { layer, installed, release, prune, objects, kept = [], removed } = inventory;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: nameOf('layer', layer),
      namespace: AGENT_NAMESPACE,
      labels: { [INVENTORY_LABEL]: layer },
    },
    data: {
      ...(installed === undefined ? {} : { installed }),
      ...(release === undefined ? {} : { release: JSON.stringify(release) }),
      ...(prune === undefined ? {} : { prune }),
      ...(kept.length === 0 ? {} : { kept: JSON.stringify(kept) }),
      ...(removed === undefined ? {} : { removed: 'true' }),
      objects: JSON.stringify(objects),
    },
  };
}

/** inventoryOf reads an inventory; undefined when the ConfigMap is none. */
export function inventoryOf(object: KubeObject): Inventory | undefined {
  const layer = object.metadata.labels?.[INVENTORY_LABEL];
  const data = object['data'];
  if (layer === undefined || !isRecord(data)) return undefined;
  const release = parsed(data['release']);
  const [objects, kept] = [listed(data['objects']), listed(data['kept'])];
  const { installed, prune, removed } = data;
  return {
    layer,
    ...(typeof installed === 'string' ? { installed } : {}),
    ...(isRelease(release) ? { release } : {}),
    // Whatever else it says is no order to delete.
    ...(prune === 'Everything' || prune === 'Safe' ? { prune } : {}),
    objects: objects.filter(isEntry),
    ...(kept.length === 0 ? {} : { kept: kept.filter(isKept) }),
    ...(removed === 'true' ? { removed: true } : {}),
  };
}

/** entryOf names an object. */
export function entryOf({ apiVersion, kind, metadata }: KubeObject): Entry {
  const { name = '', namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** labelled is an object of a layer with {@link LAYER_LABEL}. */
export function labelled(object: KubeObject, layer: string): KubeObject {
  const { metadata } = object;
  const labels = { ...metadata.labels, [LAYER_LABEL]: layer };
  return { ...object, metadata: { ...metadata, labels } };
}

/** isOf tells whether a layer has made an object, and nobody has made it anew since. */
export function isOf({ metadata }: KubeObject, layer: string): boolean {
  return metadata.labels?.[LAYER_LABEL] === layer;
}

/** union is both lists, each object once. */
export function union<T extends Entry>(a: readonly T[], b: readonly T[]): readonly T[] {
  return [...a, ...without(b, a)];
}

/** without is a list without the objects of another one, whatever version they are named in. */
export function without<T extends Entry>(
  entries: readonly T[],
  others: readonly Entry[],
): readonly T[] {
  const keys = new Set(others.map(keyOf));
  return entries.filter((entry) => !keys.has(keyOf(entry)));
}

/** among is those of a list that another one has too, whatever version they are named in. */
export function among<T extends Entry>(
  entries: readonly T[],
  others: readonly Entry[],
): readonly T[] {
  const keys = new Set(others.map(keyOf));
  return entries.filter((entry) => keys.has(keyOf(entry)));
}

/** titleOf names an object as a user looks it up. */
export function titleOf({ kind, namespace, name }: Entry): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** removable leaves out what another layer has as well: that one keeps it. */
export function removable(
  gone: readonly Entry[],
  layer: string,
  inventories: readonly Inventory[],
): readonly Entry[] {
  const others = inventories.filter((inventory) => inventory.layer !== layer);
  return without(
    gone,
    others.flatMap(({ objects }) => objects),
  );
}

/** The waves in which objects are applied: what others need comes first, webhooks last. */
const WAVES: readonly (readonly string[])[] = [
  ['Namespace'],
  ['CustomResourceDefinition'],
  ['ServiceAccount', 'Secret', 'ConfigMap', 'ClusterRole', 'Role', 'PriorityClass', 'StorageClass'],
];

const LAST = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService'];

/** wavesOf sorts objects into waves, each of which needs only those before it. */
export function wavesOf<T extends { readonly kind: string }>(
  objects: readonly T[],
): readonly (readonly T[])[] {
  const early = WAVES.map((kinds) => objects.filter(({ kind }) => kinds.includes(kind)));
  const rest = objects.filter(
    ({ kind }) => !LAST.includes(kind) && !WAVES.some((kinds) => kinds.includes(kind)),
  );
  const late = objects.filter(({ kind }) => LAST.includes(kind));
  return [...early, rest, late].filter((wave) => wave.length > 0);
}

/** The group, not the version: the same object is served in several. */
function keyOf({ apiVersion, kind, namespace = '', name }: Entry): string {
  return [groupOf(apiVersion), kind, namespace, name].join('/');
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listed(text: unknown): readonly unknown[] {
  const value = parsed(text);
  return Array.isArray(value) ? value : [];
}

function isKept(value: unknown): value is Kept {
  return isEntry(value) && isRecord(value) && isText(value['why']);
}

function isRelease(value: unknown): value is Release {
  return isRecord(value) && isText(value['name']) && isText(value['namespace']);
}

function isEntry(value: unknown): value is Entry {
  return (
    isRecord(value) && isText(value['apiVersion']) && isText(value['kind']) && isText(value['name'])
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
