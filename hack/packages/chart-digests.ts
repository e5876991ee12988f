import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { runtimesIn, text } from './chart-objects.ts';

const PINNED = /@sha256:[0-9a-f]{64}$/;
const AGENT_IMAGE = '--agent-image=';

/** unpinned are the packages and images in a rendered chart that have no digest, one sentence each. */
export function unpinned(objects: readonly KubeObject[]): readonly string[] {
  const packages = objects
    .filter(({ apiVersion }) => apiVersion === 'pkg.crossplane.io/v1')
    .map(({ spec }) => text(recordIn({ spec }, 'spec')?.['package']));
  const images = runtimesIn(objects)
    .flatMap(({ args }) => args)
    .filter((arg) => arg.startsWith(AGENT_IMAGE))
    .map((arg) => arg.slice(AGENT_IMAGE.length));
  return [...packages, ...images]
    .filter((reference) => !PINNED.test(reference))
    .map((reference) => `${reference} has no digest`);
}
