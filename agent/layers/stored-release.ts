import { gunzipSync, gzipSync } from 'node:zlib';
import { Document, isMap, isSeq, parseDocument, parseAllDocuments } from 'yaml';
import { isKubeObject, type KubeObject, isRecord } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import type { Release } from '../core/inventory.ts';
import { HELM_POLICY } from '../core/pruning.ts';

/** StoredRelease is one revision of a release, as Helm stores it in a Secret. */
export interface StoredRelease {
  readonly ref: ObjectRef;
  readonly revision: number;
  readonly deployed: boolean;
  /** The whole record, as Helm encodes it. */
  readonly packed: unknown;
}

/** How Helm separates documents. */
const SEPARATOR = /(?:^|\s*\n)---\s*/;

/** YAML as Helm parses it; 64-bit integers are kept. */
const AS_WRITTEN = { version: '1.1', intAsBigInt: true } as const;

const ANNOTATIONS = ['metadata', 'annotations'];

/** storedReleases are the revisions of a release, oldest first. */
export async function storedReleases(
  api: KubeApi,
  { name, namespace }: Release,
): Promise<readonly StoredRelease[]> {
  const secrets = { apiVersion: 'v1', kind: 'Secret', namespace };
  const all = api.list(secrets, { labelSelector: `owner=helm,name=${name}` });
  const { items } = await wrapError(`read release ${namespace}/${name}`, all);
  return items.map(storedRelease).toSorted((a, b) => a.revision - b.revision);
}

/** objectsOf are the objects of a Helm manifest, including those in lists. */
export function objectsOf(manifest: string): readonly KubeObject[] {
  return parseAllDocuments(manifest).flatMap((document) => {
    const value: unknown = document.toJS();
    const items = isRecord(value) && value['kind'] === 'List' ? value['items'] : [value];
    return Array.isArray(items) ? items.filter(isKubeObject) : [];
  });
}

/**
 * withKept adds Helm's keep policy to selected objects of a manifest: `helm uninstall` reads the policy
 * from the stored manifest, not from the cluster. Everything else is unchanged.
 */
export function withKept(manifest: string, isKept: (object: KubeObject) => boolean): string {
  const documents = manifest
    .trim()
    .split(SEPARATOR)
    .filter((text) => text !== '');
  return documents.flatMap((text) => kept(text, isKept)).join('\n---\n');
}

/** manifestOf is the manifest of a revision. */
export function manifestOf(stored: StoredRelease): string {
  return textOf(recordOf(stored)['manifest']);
}

/** keepInRelease writes {@link withKept} into a revision; Helm uses the last one when it uninstalls. */
export async function keepInRelease(
  api: KubeApi,
  stored: StoredRelease,
  isKept: (object: KubeObject) => boolean,
): Promise<void> {
  const record = recordOf(stored);
  const next = { ...record, manifest: withKept(textOf(record['manifest']), isKept) };
  const written = api.patch(stored.ref, { data: { release: packed(next) } });
  await wrapError(`mark the objects to keep in Secret ${stored.ref.name}`, written);
}

/** Helm keeps or deletes whole documents, so a list is split into its objects. */
function kept(text: string, isKept: (object: KubeObject) => boolean): readonly string[] {
  const document = parseDocument(text, AS_WRITTEN);
  if (!objectsOf(text).some(isKept)) return [text];
  const items = document.get('items');
  const parts = isSeq(items)
    ? items.items.map((item) => new Document(item, AS_WRITTEN))
    : [document];
  return parts.map((part) => {
    const value: unknown = part.toJS();
    if (isKubeObject(value) && isKept(value)) markKept(part);
    return part.toString({ lineWidth: 0 }).trimEnd();
  });
}

function markKept(document: Document): void {
  if (isMap(document.getIn(ANNOTATIONS))) document.setIn([...ANNOTATIONS, HELM_POLICY], 'keep');
  else document.setIn(ANNOTATIONS, document.createNode({ [HELM_POLICY]: 'keep' }));
}

function storedRelease(secret: KubeObject): StoredRelease {
  const { labels } = secret.metadata;
  const data = secret['data'];
  return {
    ref: refOf(secret),
    revision: Number(labels?.['version']),
    deployed: labels?.['status'] === 'deployed',
    packed: isRecord(data) ? data['release'] : undefined,
  };
}

/** Base64 of the Secret and of Helm; compressed, except by the first versions of Helm v3. */
function recordOf({ ref, packed: text }: StoredRelease): Readonly<Record<string, unknown>> {
  try {
    const bytes = Buffer.from(Buffer.from(textOf(text), 'base64').toString(), 'base64');
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const value: unknown = JSON.parse((isPacked ? gunzipSync(bytes) : bytes).toString());
    if (isRecord(value)) return value;
  } catch {
    // The error below contains no content, which may be secret.
  }
  throw new Error(
    `cannot determine which objects the uninstallation would delete: Secret ${ref.name} has not the format of Helm v3; uninstall the release by hand, the agent then skips it`,
  );
}

function packed(record: Readonly<Record<string, unknown>>): string {
  const text = gzipSync(JSON.stringify(record), { level: 9 }).toString('base64');
  return Buffer.from(text).toString('base64');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
