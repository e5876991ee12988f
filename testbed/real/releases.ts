import { type BinaryName, requiredVersion, wrapperModule } from '@managed-cluster/toolchain';
import type { KubeObject } from '../../lib/core/object.ts';
import { isDeployment } from '../providers/edits.ts';
import type { RenderedProviders } from '../providers/render.ts';
import { CAPI_MODULE, CAPI_PROVIDERS } from '../providers/table.ts';
import { nameOf } from './images.ts';

/** Where a release of Cluster API has its images (its Makefile, `release` target). */
const RELEASED = 'registry.k8s.io/cluster-api';

/** releasedImages are the images of the managers as a release names them, by the binary in them. */
export function releasedImages(): Readonly<Record<string, BinaryName>> {
  return Object.fromEntries(CAPI_PROVIDERS.map(({ image, binary }) => [released(image), binary]));
}

function released(image: string): string {
  const version = requiredVersion(wrapperModule('capi').goMod, CAPI_MODULE);
  return `${RELEASED}/${nameOf(`${image}:${version}`)}:${version}`;
}

/**
 * asReleased changes the manifests as a release does: its images, and no pull when a node has one.
 * The manifests in the module name a moving tag of a staging registry.
 */
export function asReleased({ crds, objects }: RenderedProviders): RenderedProviders {
  return { crds, objects: objects.map(withReleasedImages) };
}

function withReleasedImages(object: KubeObject): KubeObject {
  if (!isDeployment(object)) return object;
  const { template } = object.spec;
  const containers = template.spec.containers.map((container) => {
    const { image = '' } = container as { readonly image?: string };
    const [name = ''] = image.split(/:(?=[^/]*$)/);
    return { ...container, image: released(name), imagePullPolicy: 'IfNotPresent' };
  });
  const spec = { ...template.spec, containers };
  return { ...object, spec: { ...object.spec, template: { ...template, spec } } };
}
