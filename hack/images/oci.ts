/**
 * The documents of an image according to the OCI Image Format Specification v1.1
 * (https://github.com/opencontainers/image-spec/tree/v1.1.0), and the manifest of `docker save`.
 */

/** Descriptor references a blob by its digest. */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

/** LayerDescriptor is the descriptor of a layer, with the digest of its uncompressed content. */
export interface LayerDescriptor extends Descriptor {
  readonly name: string;
  readonly diffId: string;
}

/** Platform is the platform of an image, in the terms of Go. */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
}

/** ImageSettings is everything of an image except its layers. */
export interface ImageSettings {
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Numeric `uid:gid`, so that Kubernetes can verify runAsNonRoot; root when absent. */
  readonly user?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: Platform;
  /** RFC 3339. */
  readonly created: string;
}

const OCI = 'application/vnd.oci.image';

/** MEDIA_TYPES of the content of a layout. */
export const MEDIA_TYPES = {
  layer: `${OCI}.layer.v1.tar+gzip`,
  config: `${OCI}.config.v1+json`,
  manifest: `${OCI}.manifest.v1+json`,
  index: `${OCI}.index.v1+json`,
} as const;

/** The file `oci-layout`, which marks a folder as a layout. */
export const LAYOUT_MARK = { imageLayoutVersion: '1.0.0' } as const;

/** The configuration of an image. */
export function imageConfig(settings: ImageSettings, layers: readonly LayerDescriptor[]): object {
  const { platform, created, entrypoint, env, user, labels } = settings;
  return {
    created,
    ...platform,
    config: {
      ...(user === undefined ? {} : { User: user }),
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Entrypoint: entrypoint,
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ name }) => ({ created, created_by: name })),
  };
}

/** The manifest of an image: its configuration and its layers. */
export function imageManifest(
  config: Descriptor,
  layers: readonly LayerDescriptor[],
  annotations: Readonly<Record<string, string>>,
): object {
  return {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    config,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    annotations,
  };
}

/** PlatformDescriptor references an image with its platform. */
export interface PlatformDescriptor extends Descriptor {
  readonly platform: Platform;
}

/** The index of an image for several platforms. */
export function imageIndex(manifests: readonly PlatformDescriptor[]): object {
  return { schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests };
}

/** The file `index.json` of a layout with one image. containerd imports it with the full name. */
export function layoutIndex(root: Descriptor | PlatformDescriptor, reference: string): object {
  const annotations = {
    'io.containerd.image.name': reference,
    'org.opencontainers.image.ref.name': tagOf(reference),
  };
  return {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.index,
    manifests: [{ ...root, annotations }],
  };
}

/** The file `manifest.json` of `docker save`, which makes the tar of a layout loadable by Docker. */
export function dockerManifest(
  config: Descriptor,
  layers: readonly LayerDescriptor[],
  reference: string,
): object {
  const Layers = layers.map(({ digest }) => blobPath(digest));
  return [{ Config: blobPath(config.digest), RepoTags: [reference], Layers }];
}

/** The path of a blob in a layout. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** The tag of a reference such as `registry:5000/name:tag`; `latest` when there is none. */
export function tagOf(reference: string): string {
  return /:([\w.-]+)$/.exec(reference)?.[1] ?? 'latest';
}
