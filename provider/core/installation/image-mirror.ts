import type { KubeObject } from '../../../lib/core/object.ts';
import { type Fields, listIn, podSpecOf, textIn, withPodSpec } from './json.ts';

/**
 * mirroredImage returns the name of an image in a mirror: `registry/path:tag` becomes `<mirror>/path:tag`.
 * The first part of a name is a registry if it contains a dot or a colon, or is `localhost`. Otherwise the
 * image is on Docker Hub, where a name without a path is in `library` (distribution reference grammar).
 */
export function mirroredImage(image: string, mirror: string | undefined): string {
  if (mirror === undefined || mirror === '') return image;
  const prefix = mirror.replace(/\/+$/, '');
  if (image.startsWith(`${prefix}/`)) return image;
  const [first = '', ...rest] = image.split('/');
  if (rest.length === 0) return `${prefix}/library/${image}`;
  return `${prefix}/${isRegistry(first) ? rest.join('/') : image}`;
}

/**
 * mirrorRefusal returns why a claim cannot set a mirror, as a sentence; undefined if it can. The images of agent
 * and providers run with many permissions, in whichever cluster the claim's kubeconfig leads to, so an
 * administrator decides where they come from. A prefix allows itself and everything below it.
 */
export function mirrorRefusal(
  mirror: string | undefined,
  allowed: readonly string[],
): string | undefined {
  if (mirror === undefined || mirror === '') return undefined;
  const wanted = `${mirror.replace(/\/+$/, '')}/`;
  const prefixes = allowed.map((prefix) => `${prefix.replace(/\/+$/, '')}/`);
  if (prefixes.some((prefix) => wanted.startsWith(prefix))) return undefined;
  const list = allowed.length === 0 ? 'it allows none' : `it allows ${allowed.join(', ')}`;
  return `agent.imageMirror ${mirror} is not allowed by the flag --image-mirrors of the provider managed-cluster (${list}): remove it from the claim, or ask an administrator of the management side to add it`;
}

/** withMirror returns a Deployment with all images taken from the mirror; other kinds are unchanged. */
export function withMirror(object: KubeObject, mirror: string | undefined): KubeObject {
  if (mirror === undefined || object.kind !== 'Deployment') return object;
  const podSpec = podSpecOf(object);
  return withPodSpec(object, {
    ...containersOf(podSpec, 'containers', mirror),
    ...containersOf(podSpec, 'initContainers', mirror),
  });
}

/** imagesOf returns the images of the containers of a Deployment. */
export function imagesOf(object: KubeObject): readonly string[] {
  return listIn(podSpecOf(object), 'containers').flatMap(
    (container) => textIn(container, 'image') ?? [],
  );
}

/** tagOf returns the tag or digest of an image; undefined if it has neither. */
export function tagOf(image: string): string | undefined {
  const digest = image.indexOf('@');
  if (digest >= 0) return image.slice(digest + 1);
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/') ? image.slice(colon + 1) : undefined;
}

function isRegistry(first: string): boolean {
  return /[.:]/.test(first) || first === 'localhost';
}

function containersOf(podSpec: unknown, field: string, mirror: string): Fields {
  const containers = listIn(podSpec, field);
  if (containers.length === 0) return {};
  return {
    [field]: containers.map((container) => ({
      ...container,
      image: mirroredImage(textIn(container, 'image') ?? '', mirror),
    })),
  };
}
