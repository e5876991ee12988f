import path from 'node:path';
import { keyed, type KeyedReader } from './env.ts';
import {
  type Addresses,
  type Container,
  fieldOf,
  type KeyedVolume,
  type Pod,
  type Projection,
  StartError,
  type Volume,
} from './pod.ts';

/** VolumePlan is what the double has to make for a volume. */
export type VolumePlan =
  | { readonly kind: 'empty' }
  | { readonly kind: 'host'; readonly path: string; readonly create: boolean }
  | { readonly kind: 'files'; readonly sources: readonly Projection[] };

/** Bind is one bind mount into a container. */
export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** Files are the content of a volume by relative path. */
export type Files = Readonly<Record<string, Buffer>>;

/** The plan of a volume; an unsupported kind is a StartError. */
export function volumePlan(volume: Volume): VolumePlan {
  const { emptyDir, hostPath, projected, secret, configMap, downwardAPI } = volume;
  if (emptyDir) return { kind: 'empty' };
  if (hostPath) {
    return { kind: 'host', path: hostPath.path, create: hostPath.type === 'DirectoryOrCreate' };
  }
  if (projected) return { kind: 'files', sources: projected.sources ?? [] };
  if (secret ?? configMap ?? downwardAPI) return { kind: 'files', sources: [volume] };
  throw new StartError(
    'CreateContainerConfigError',
    `the node double does not support volume "${volume.name}": only emptyDir, hostPath, secret, configMap, downwardAPI and projected`,
  );
}

/**
 * Where each mount of a container comes from. Files of a Secret and the like are read only; a
 * host path that isn't there is left out (CAPD mounts the Docker socket).
 */
export function bindsOf(
  pod: Pod,
  container: Container,
  disk: { readonly folder: string; readonly exists: (path: string) => boolean },
): readonly Bind[] {
  const binds: Bind[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
    if (volume === undefined) {
      throw new StartError('CreateContainerConfigError', `volume "${mount.name}" is not defined`);
    }
    const plan = volumePlan(volume);
    const root = plan.kind === 'host' ? plan.path : path.join(disk.folder, volume.name);
    if (plan.kind === 'host' && !disk.exists(root)) continue;
    binds.push({
      source: path.join(root, mount.subPath ?? ''),
      target: mount.mountPath,
      readOnly: mount.readOnly === true || plan.kind === 'files',
    });
  }
  return binds;
}

/** FileSources is where the content of files comes from. */
export interface FileSources {
  readonly at: Addresses;
  readonly read: KeyedReader;
  /** A token of the Pod's ServiceAccount, bound to the Pod. */
  readonly token: (source: NonNullable<Projection['serviceAccountToken']>) => Promise<string>;
}

/** The files of one source. Fails with StartError when something is missing that is not optional. */
export async function filesOf(
  pod: Pod,
  projection: Projection,
  sources: FileSources,
): Promise<Files> {
  const { secret, configMap, downwardAPI, serviceAccountToken } = projection;
  if (secret) {
    const name = secret.secretName ?? secret.name ?? '';
    return keyedFiles(sources.read, 'Secret', { ...secret, name });
  }
  if (configMap) {
    return keyedFiles(sources.read, 'ConfigMap', { ...configMap, name: configMap.name ?? '' });
  }
  if (serviceAccountToken) {
    const token = await sources.token(serviceAccountToken);
    return { [serviceAccountToken.path]: Buffer.from(token) };
  }
  return downwardFiles(pod, downwardAPI, sources.at);
}

function downwardFiles(pod: Pod, source: Projection['downwardAPI'], at: Addresses): Files {
  const files: Record<string, Buffer> = {};
  for (const { path: place, fieldRef } of source?.items ?? []) {
    if (fieldRef) files[place] = Buffer.from(fieldOf(pod, at, fieldRef.fieldPath));
  }
  return files;
}

async function keyedFiles(
  read: KeyedReader,
  kind: 'Secret' | 'ConfigMap',
  volume: KeyedVolume & { readonly name: string },
): Promise<Files> {
  const content = await keyed(read, kind, volume);
  if (volume.items === undefined) return content;
  const files: Record<string, Buffer> = {};
  for (const { key, path: place } of volume.items) {
    const value = content[key];
    if (value !== undefined) files[place] = value;
    else if (volume.optional !== true) {
      throw new StartError(
        'CreateContainerConfigError',
        `${kind.toLowerCase()} "${volume.name}" has no key ${key}`,
      );
    }
  }
  return files;
}
