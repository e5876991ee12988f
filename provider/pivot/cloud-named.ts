import type { Cloud } from '../../capi/cloud.ts';
import { clouds } from '../../capi/clouds/index.ts';

/** cloudNamed is the cloud that a Pivot names; undefined when it names none, or one that nobody knows. */
export function cloudNamed(name: string | undefined): Cloud | undefined {
  const known: Readonly<Record<string, Cloud>> = clouds;
  return name === undefined ? undefined : known[name];
}
