/**
 * The documents of an image, as the OCI Image Format Specification v1.1 has them
 * (https://github.com/opencontainers/image-spec/tree/v1.1.0), and that of `docker save`.
 */

/** Descriptor names a blob by its content. */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

/** LayerDescriptor is that of a layer, with the digest of what it holds uncompressed. */
export interface LayerDescriptor extends Descriptor {
  readonly name: string;
  readonly diffId: string;
}

/** Platform is what an image runs on, in the words of Go. */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
}

/** ImageSettings is all of an image but its layers. */
export interface ImageSettings {
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** `uid:gid` in numbers, so that Kubernetes can tell that it is not root; root when absent. */
  readonly user?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: Platform;
  /** RFC 3339. */
  readonly created: string;
}

const OCI = 'application/vnd.oci.image';

/** MEDIA_TYPES of what is in a layout. */
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

/** PlatformDescriptor names an image and what it runs on. */
export interface PlatformDescriptor extends Descriptor {
  readonly platform: Platform;
}

/** The index of an image that is there for several platforms. */
export function imageIndex(manifests: readonly PlatformDescriptor[]): object {
  return { schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests };
}

/** The file `index.json` of a layout with one image. containerd imports it under the whole name. */
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

/** Where a layout keeps a blob. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** The tag of a reference such as `registry:5000/name:tag`; `latest` when there is none. */
export function tagOf(reference: string): string {
  return /:([\w.-]+)$/.exec(reference)?.[1] ?? 'latest';
}
