import { readBlob, readLayout, type Manifest } from './layout-reader.ts';
import type { Descriptor } from './oci.ts';
import { registryAt, type Registry, type RegistryAccess } from './registry.ts';

/** Push is an image and its destination. */
export interface Push extends RegistryAccess {
  /** Folder of an OCI image layout with one image. */
  readonly layout: string;
  /** Such as `managed-cluster/agent`. */
  readonly repository: string;
  readonly tag: string;
  /** Another repository of the registry, from which layers are mounted instead of uploaded. */
  readonly mountFrom?: string | undefined;
}

/** Pushed is the result of a push. */
export interface Pushed {
  /** Digest of the manifest, for references by digest. */
  readonly digest: string;
  /** Digests of the blobs that the registry did not have. */
  readonly uploaded: readonly string[];
}

/**
 * Pushes and tags the image of a layout according to the OCI Distribution Specification v1.1
 * (https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push). Blobs that the registry
 * already has are not uploaded again. Errors have the response of the registry.
 */
export async function pushImage(push: Push): Promise<Pushed> {
  const registry = registryAt(push);
  const { root, manifests, blobs } = readLayout(push.layout);
  const uploads = await Promise.all(blobs.map((blob) => pushBlob(registry, push, blob)));
  // Manifests last and the index at the very end, because a registry rejects references to missing content.
  await Promise.all(manifests.map((manifest) => pushManifest(registry, push, manifest)));
  const digest = await pushManifest(registry, push, root, push.tag);
  return { digest, uploaded: blobs.flatMap((blob, at) => (uploads[at] ? [blob.digest] : [])) };
}

async function pushManifest(
  registry: Registry,
  { repository }: Push,
  manifest: Manifest,
  tag: string = manifest.digest,
): Promise<string> {
  const response = await registry({
    method: 'PUT',
    url: `/v2/${repository}/manifests/${tag}`,
    headers: { 'Content-Type': manifest.mediaType },
    body: manifest.bytes,
    expect: [201],
  });
  const digest = response.headers.get('docker-content-digest') ?? manifest.digest;
  if (digest === manifest.digest) return digest;
  throw new Error(`${repository}:${tag} has digest ${digest}, not ${manifest.digest}`);
}

/** Whether the blob was uploaded. */
async function pushBlob(
  registry: Registry,
  { layout, repository, mountFrom }: Push,
  blob: Descriptor,
): Promise<boolean> {
  const { digest } = blob;
  const blobs = `/v2/${repository}/blobs`;
  const found = await registry({ method: 'HEAD', url: `${blobs}/${digest}`, expect: [200, 404] });
  if (found.status === 200) return false;
  const mount = new URLSearchParams(
    mountFrom === undefined ? {} : { mount: digest, from: mountFrom },
  );
  const begun = await registry({
    method: 'POST',
    url: `${blobs}/uploads/?${mount.toString()}`,
    expect: [201, 202],
  });
  // 201: mounted. 202: the blob does not exist there or cannot be mounted, and must be uploaded.
  if (begun.status === 201) return false;
  const location = new URL(begun.headers.get('location') ?? '', begun.url);
  location.searchParams.append('digest', digest);
  await registry({
    method: 'PUT',
    url: location,
    headers: { 'Content-Type': 'application/octet-stream' },
    body: readBlob(layout, blob),
    expect: [201],
  });
  return true;
}
