import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { nameOf } from '../../lib/core/names.ts';
import { groupOf, type KubeObject, isRecord } from '../../lib/core/object.ts';
import type { PrunePolicy } from './pruning.ts';

/** INVENTORY_LABEL on the inventory of a layer has the name of the layer. */
export const INVENTORY_LABEL = 'managedcluster.io/layer-inventory';

/** LAYER_LABEL on every object created by a layer of manifests has the name of the layer. */
export const LAYER_LABEL = 'managedcluster.io/layer';

/** Entry identifies one object that a layer has created. */
export interface Entry {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Kept is an object that left its layer and was not deleted. */
export interface Kept extends Entry {
  /** Why it was kept, as a clause. */
  readonly why: string;
}

/** Release identifies a Helm release. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
}

/** Inventory lists what a layer has created in the cluster. It is written before the first object. */
export interface Inventory {
  readonly layer: string;
  /** Hash of the completely installed content; absent during an installation. */
  readonly installed?: string;
  /** The release; absent for manifests. */
  readonly release?: Release;
  /** The last policy of the layer (default Safe); needed when the layer is no longer in the plan. */
  readonly prune?: PrunePolicy;
  readonly objects: readonly Entry[];
  /** Objects that left the layer, were kept, and have not returned. */
  readonly kept?: readonly Kept[];
  /** The layer was removed: only the record of kept objects remains. */
  readonly removed?: true;
}

/** inventoryObject is the ConfigMap with an inventory. */
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

/** inventoryOf reads an inventory; undefined when the ConfigMap is not an inventory. */
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
    // Any other value must not cause a deletion.
    ...(prune === 'Everything' || prune === 'Safe' ? { prune } : {}),
    objects: objects.filter(isEntry),
    ...(kept.length === 0 ? {} : { kept: kept.filter(isKept) }),
    ...(removed === 'true' ? { removed: true } : {}),
  };
}

/** entryOf is the Entry of an object. */
export function entryOf({ apiVersion, kind, metadata }: KubeObject): Entry {
  const { name = '', namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** labelled adds {@link LAYER_LABEL} to an object. */
export function labelled(object: KubeObject, layer: string): KubeObject {
  const { metadata } = object;
  const labels = { ...metadata.labels, [LAYER_LABEL]: layer };
  return { ...object, metadata: { ...metadata, labels } };
}

/** isOf reports whether a layer has created an object, and no one else has re-created it since. */
export function isOf({ metadata }: KubeObject, layer: string): boolean {
  return metadata.labels?.[LAYER_LABEL] === layer;
}

/** union merges two lists without duplicates. */
export function union<T extends Entry>(a: readonly T[], b: readonly T[]): readonly T[] {
  return [...a, ...without(b, a)];
}

/** without removes the objects of another list, regardless of their API version. */
export function without<T extends Entry>(
  entries: readonly T[],
  others: readonly Entry[],
): readonly T[] {
  const keys = new Set(others.map(keyOf));
  return entries.filter((entry) => !keys.has(keyOf(entry)));
}

/** among keeps the objects that are in another list too, regardless of their API version. */
export function among<T extends Entry>(
  entries: readonly T[],
  others: readonly Entry[],
): readonly T[] {
  const keys = new Set(others.map(keyOf));
  return entries.filter((entry) => keys.has(keyOf(entry)));
}

/** titleOf is the name of an object in messages. */
export function titleOf({ kind, namespace, name }: Entry): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** removable leaves out objects that another layer has too. */
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

/** The waves in which objects are applied: dependencies first, webhooks last. */
const WAVES: readonly (readonly string[])[] = [
  ['Namespace'],
  ['CustomResourceDefinition'],
  ['ServiceAccount', 'Secret', 'ConfigMap', 'ClusterRole', 'Role', 'PriorityClass', 'StorageClass'],
];

const LAST = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService'];

/** wavesOf sorts objects into waves that depend only on earlier waves. */
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

/** The group, not the version, because an object can be served in several versions. */
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
