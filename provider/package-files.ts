import type { KubeObject } from '../lib/core/object.ts';
import { objectsIn } from '../lib/program/manifests.ts';

/** packageObjects are the objects in the YAML files of a folder of `package/`, in order of names. */
export function packageObjects(folder: string): readonly KubeObject[] {
  return objectsIn(`package/${folder}`);
}
