import { eachOf } from '../../lib/each-of.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { isKubeObject, type KubeObject, isRecord } from '../../lib/core/object.ts';
import { fillIn } from '../../lib/core/substitution.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { entryOf, wavesOf } from '../core/inventory.ts';
import { applyObject, CONCURRENCY, progressOf } from './objects.ts';
import { placed } from './scopes.ts';

/** Namespace of objects without a namespace, as with `kubectl apply`. */
const DEFAULT_NAMESPACE = 'default';

/** Timeout for CRDs to be established; then the layer is retried from the start. */
const ESTABLISHED_MS = 30_000;

/**
 * objectsIn parses the manifests of a layer. Secrets are inserted after parsing, so that no value can
 * change the structure of the YAML. Its errors contain no content.
 */
export function objectsIn(
  manifests: string,
  secrets: Readonly<Record<string, string>>,
): readonly KubeObject[] {
  const values = parseAllDocuments(manifests).flatMap((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new Error(`cannot read document ${index + 1} of the manifests: ${error.code}`);
    }
    const value: unknown = document.toJS();
    return value === null ? [] : itemsOf(fillIn(value, secrets));
  });
  return values.map((value, index) => {
    if (isKubeObject(value) && typeof value.metadata.name === 'string') return value;
    throw new Error(
      `cannot read object ${index + 1} of the manifests: it needs apiVersion, kind and metadata.name`,
    );
  });
}

/** applyManifests applies objects, dependencies first; idempotent. */
export async function applyManifests(
  api: KubeApi,
  objects: readonly KubeObject[],
  noted: (placed: readonly KubeObject[]) => Promise<void>,
): Promise<readonly KubeObject[]> {
  const done: KubeObject[] = [];
  for (const wave of wavesOf(objects)) {
    // oxlint-disable-next-line no-await-in-loop -- one wave after the other
    const inPlace = await placed(api, wave, DEFAULT_NAMESPACE);
    done.push(...inPlace);
    // oxlint-disable-next-line no-await-in-loop -- recorded before it is created, so that no object is lost
    await noted(done);
    // oxlint-disable-next-line no-await-in-loop -- one wave after the other
    await eachOf(inPlace, CONCURRENCY, (object) => applyObject(api, object));
    // oxlint-disable-next-line no-await-in-loop -- the next wave has objects of these kinds
    if (wave[0]?.kind === 'CustomResourceDefinition') await established(api, inPlace);
  }
  return done;
}

async function established(api: KubeApi, crds: readonly KubeObject[]): Promise<void> {
  const until = performance.now() + ESTABLISHED_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- polls
    const { waitingFor } = await progressOf(api, crds.map(entryOf));
    if (waitingFor === undefined) return;
    if (performance.now() > until) throw new Error(`timed out waiting for ${waitingFor}`);
    // oxlint-disable-next-line no-await-in-loop -- polls
    await delay(200);
  }
}

function itemsOf(value: unknown): readonly unknown[] {
  const list = isRecord(value) && value['kind'] === 'List' ? value['items'] : undefined;
  return Array.isArray(list) ? list : [value];
}
