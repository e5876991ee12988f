import { gunzipSync, gzipSync } from 'node:zlib';
import { Document, isMap, isSeq, parseDocument, parseAllDocuments } from 'yaml';
import { isKubeObject, type KubeObject, isRecord } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import type { Release } from '../core/inventory.ts';
import { HELM_POLICY } from '../core/pruning.ts';

/** StoredRelease is one revision of a release as Helm keeps it in a Secret. */
export interface StoredRelease {
  readonly ref: ObjectRef;
  readonly revision: number;
  readonly deployed: boolean;
  /** The whole record, as Helm packed it. */
  readonly packed: unknown;
}

/** How Helm tells one document from the next. */
const SEPARATOR = /(?:^|\s*\n)---\s*/;

/** As Helm reads YAML; numbers of 64 bits stay what they are. */
const AS_WRITTEN = { version: '1.1', intAsBigInt: true } as const;

const ANNOTATIONS = ['metadata', 'annotations'];

/** storedReleases are the revisions of a release, the oldest first. */
export async function storedReleases(
  api: KubeApi,
  { name, namespace }: Release,
): Promise<readonly StoredRelease[]> {
  const secrets = { apiVersion: 'v1', kind: 'Secret', namespace };
  const all = api.list(secrets, { labelSelector: `owner=helm,name=${name}` });
  const { items } = await wrapError(`read release ${namespace}/${name}`, all);
  return items.map(storedRelease).toSorted((a, b) => a.revision - b.revision);
}

/** objectsOf are the objects of a manifest of Helm, those in lists too. */
export function objectsOf(manifest: string): readonly KubeObject[] {
  return parseAllDocuments(manifest).flatMap((document) => {
    const value: unknown = document.toJS();
    const items = isRecord(value) && value['kind'] === 'List' ? value['items'] : [value];
    return Array.isArray(items) ? items.filter(isKubeObject) : [];
  });
}

/**
 * withKept is a manifest in which chosen objects bear Helm's own word for keep: at its end a release is
 * taken away by what stands here, whatever the objects themselves say. All else stays as it is written.
 */
export function withKept(manifest: string, isKept: (object: KubeObject) => boolean): string {
  const documents = manifest
    .trim()
    .split(SEPARATOR)
    .filter((text) => text !== '');
  return documents.flatMap((text) => kept(text, isKept)).join('\n---\n');
}

/** manifestOf is what a revision has applied. */
export function manifestOf(stored: StoredRelease): string {
  return textOf(recordOf(stored)['manifest']);
}

/** keepInRelease writes {@link withKept} into a revision; Helm looks at the last when it uninstalls. */
export async function keepInRelease(
  api: KubeApi,
  stored: StoredRelease,
  isKept: (object: KubeObject) => boolean,
): Promise<void> {
  const record = recordOf(stored);
  const next = { ...record, manifest: withKept(textOf(record['manifest']), isKept) };
  const written = api.patch(stored.ref, { data: { release: packed(next) } });
  await wrapError(`note in Secret ${stored.ref.name} what Helm has to keep`, written);
}

/** Helm looks at whole documents: a list comes apart, so that it does not keep or lose all that is in it. */
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

/** Base64 twice, that of Secrets and Helm's own; compressed, except by the first versions of Helm v3. */
function recordOf({ ref, packed: text }: StoredRelease): Readonly<Record<string, unknown>> {
  try {
    const bytes = Buffer.from(Buffer.from(textOf(text), 'base64').toString(), 'base64');
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const value: unknown = JSON.parse((isPacked ? gunzipSync(bytes) : bytes).toString());
    if (isRecord(value)) return value;
  } catch {
    // Said below, without what may be secret in it.
  }
  throw new Error(
    `cannot tell what would be deleted with the release: Secret ${ref.name} is not as Helm v3 writes it; uninstall the release by hand, then it is passed over`,
  );
}

function packed(record: Readonly<Record<string, unknown>>): string {
  const text = gzipSync(JSON.stringify(record), { level: 9 }).toString('base64');
  return Buffer.from(text).toString('base64');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
