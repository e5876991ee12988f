import type { KubeObject } from '../lib/core/object.ts';
import { objectsIn } from '../lib/program/manifests.ts';

/** packageObjects returns the objects in the YAML files of a folder of `package/`, ordered by file name. */
export function packageObjects(folder: string): readonly KubeObject[] {
  return objectsIn(`package/${folder}`);
}
