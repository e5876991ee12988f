import { gunzipSync, gzipSync } from 'node:zlib';
import { type KubeObject, isRecord } from '../../lib/core/object.ts';
import type { Release } from '../core/inventory.ts';
import type { HelmPort } from '../layers/helm.ts';
import { objectsOf } from '../layers/stored-release.ts';
import { nameOf, SERVED, type ApiDouble } from './api-double.ts';

/** packedRelease is a record as Helm v3 packs it: JSON, gzip, and base64 for itself and for the Secret. */
export function packedRelease(record: object): string {
  const text = gzipSync(JSON.stringify(record)).toString('base64');
  return Buffer.from(text).toString('base64');
}

/** unpackedRelease is the record in a Secret. */
export function unpackedRelease(secret: KubeObject | undefined): Readonly<Record<string, unknown>> {
  const data: unknown = secret?.['data'];
  const text = isRecord(data) ? String(data['release']) : '';
  const bytes = Buffer.from(Buffer.from(text, 'base64').toString(), 'base64');
  const value: unknown = JSON.parse(gunzipSync(bytes).toString());
  return isRecord(value) ? value : {};
}

/**
 * helmDouble handles objects as Helm v3 does: it rejects objects of others, deletes in an upgrade the objects
 * that left the chart unless the object in the cluster has the policy keep, and in an uninstallation the
 * objects without this policy in the last revision. The values of a release are its manifest.
 */
export function helmDouble({ api, put, objects, get }: ApiDouble): HelmPort {
  function revisions({ name }: Release): readonly KubeObject[] {
    return [...objects.values()]
      .filter(({ kind, metadata }) => kind === 'Secret' && metadata.labels?.['name'] === name)
      .toSorted((a, b) => revisionOf(a) - revisionOf(b));
  }
  function manifestIn(release: Release): string {
    return String(unpackedRelease(revisions(release).at(-1))['manifest']);
  }
  return {
    rendered: (_release, _helm, values) => Promise.resolve(objectsOf(String(values))),
    objects: (release) => Promise.resolve(objectsOf(manifestIn(release))),
    async upgrade(_api, release, _helm, values) {
      const last = revisions(release).length;
      const before = last === 0 ? [] : inPlace(manifestIn(release), release);
      const after = inPlace(String(values), release);
      const other = after.map(nameOf).find((name) => isOthers(get(name), release));
      if (other !== undefined) throw new Error(`${other} exists and cannot be imported`);
      await Promise.all(
        after.map((object) => api.apply(owned(object, release), { fieldManager: 'helm' })),
      );
      for (const object of before) {
        const isIn = after.some((one) => nameOf(one) === nameOf(object));
        if (!isIn && !saysKeep(get(nameOf(object)))) objects.delete(nameOf(object));
      }
      put(secretOf(release, last + 1, String(values)));
    },
    uninstall(release) {
      const all = revisions(release);
      const manifest = all.length === 0 ? [] : inPlace(manifestIn(release), release);
      for (const object of [...manifest.filter((one) => !saysKeep(one)), ...all]) {
        objects.delete(nameOf(object));
      }
      return Promise.resolve();
    },
  };
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.labels?.['version']);
}

function saysKeep(object: KubeObject | undefined): boolean {
  return object?.metadata.annotations?.['helm.sh/resource-policy'] === 'keep';
}

function isOthers(object: KubeObject | undefined, release: Release): boolean {
  if (object === undefined) return false;
  return object.metadata.annotations?.['meta.helm.sh/release-name'] !== release.name;
}

function owned(object: KubeObject, release: Release): KubeObject {
  const annotations = { ...object.metadata.annotations, ...ownedBy(release) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function inPlace(manifest: string, release: Release): readonly KubeObject[] {
  return objectsOf(manifest).map((object) => ({
    ...object,
    metadata: { ...scopeOf(object, release), ...object.metadata },
  }));
}

function scopeOf({ apiVersion, kind }: KubeObject, { namespace }: Release): { namespace?: string } {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return SERVED[path]?.includes(`/${kind}`) === true ? {} : { namespace };
}

function ownedBy({ name, namespace }: Release): Readonly<Record<string, string>> {
  return { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace };
}

function secretOf({ name, namespace }: Release, revision: number, manifest: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `sh.helm.release.v1.${name}.v${revision}`,
      namespace,
      labels: { owner: 'helm', name, status: 'deployed', version: String(revision) },
    },
    data: { release: packedRelease({ name, version: revision, manifest }) },
  };
}
