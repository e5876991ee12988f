import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { KubeApi } from '../../lib/kube/api.ts';
import { keyedReader, requestToken, type Token } from './cluster-sources.ts';
import type { Addresses, Pod, Projection } from './pod.ts';
import { type Files, filesOf, type FileSources, volumePlan } from './volumes.ts';

/** PodVolumes makes the volumes of one Pod as folders, and keeps their files up to date. */
export class PodVolumes {
  readonly folder: string;
  readonly #pod: Pod;
  readonly #sources: FileSources;
  readonly #tokens = new Map<string, Token>();

  constructor(
    folder: string,
    given: { readonly pod: Pod; readonly at: Addresses; readonly api: KubeApi },
  ) {
    const { pod, at, api } = given;
    this.folder = folder;
    this.#pod = pod;
    this.#sources = {
      at,
      read: keyedReader(api, pod.metadata.namespace),
      token: (source) => this.#token(api, source),
    };
  }

  /**
   * Makes all volumes, or brings their files up to date; a file that is as it should be is not
   * touched. Fails with StartError when a Secret or the like is missing.
   */
  async refresh(): Promise<void> {
    for (const volume of this.#pod.spec.volumes ?? []) {
      const plan = volumePlan(volume);
      const folder = path.join(this.folder, volume.name);
      if (plan.kind === 'host') {
        if (plan.create) mkdirSync(plan.path, { recursive: true });
      } else if (plan.kind === 'empty') makeEmpty(folder);
      else writeFiles(folder, await this.#collect(plan.sources));
    }
  }

  async #collect(sources: readonly Projection[]): Promise<Files> {
    const files: Record<string, Buffer> = {};
    for (const source of sources)
      Object.assign(files, await filesOf(this.#pod, source, this.#sources));
    return files;
  }

  async #token(
    api: KubeApi,
    source: NonNullable<Projection['serviceAccountToken']>,
  ): Promise<string> {
    const known = this.#tokens.get(source.path);
    if (known !== undefined && Date.now() < known.renewAt) return known.value;
    const token = await requestToken(api, this.#pod, source);
    this.#tokens.set(source.path, token);
    return token.value;
  }
}

function makeEmpty(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  // Any user of the Pod may write, as with fsGroup.
  chmodSync(folder, 0o777);
}

/** Brings a folder's files to a wanted state; each file is replaced as a whole. */
export function writeFiles(folder: string, files: Files): void {
  mkdirSync(folder, { recursive: true });
  for (const [place, content] of Object.entries(files)) {
    const target = path.join(folder, place);
    if (existsSync(target) && readFileSync(target).equals(content)) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(`${target}.new`, content, { mode: 0o644 });
    renameSync(`${target}.new`, target);
  }
  const wanted = new Set(Object.keys(files).map((place) => path.normalize(place)));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const place = path.relative(folder, path.join(entry.parentPath, entry.name));
    if (entry.isFile() && !wanted.has(place)) rmSync(path.join(folder, place));
  }
}
