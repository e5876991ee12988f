import type { Json } from '../../lib/core/object.ts';
import type { Schema } from '../../lib/apis/schema/schema.ts';
import { candidates, leavesOf, valueAt, withValue, type Leaf } from './leaves.ts';

/** Scene is a situation in which fields can matter. */
export interface Scene<Spec> {
  readonly spec: Spec;
  /** Whether a field can be written in this situation at all; absent: any. */
  readonly has?: (field: string) => boolean;
  /** All that is made of a spec, as text; undefined when the spec is not accepted. */
  readonly output: (spec: Spec) => string | undefined;
}

/**
 * unread are the fields of a schema whose change changes nothing in any scene. A value that is refused
 * counts for nothing: a field that is only checked is read by nobody.
 */
export function unread(schema: Schema, scenes: readonly Scene<unknown>[]): readonly string[] {
  const known = scenes.map(({ spec, output }) => output(spec));
  return leavesOf(schema)
    .filter(
      (leaf) => !scenes.some((scene, index) => matters(leaf, scene, known[index] ?? undefined)),
    )
    .map(({ name }) => name);
}

function matters(leaf: Leaf, scene: Scene<unknown>, before: string | undefined): boolean {
  const { spec, output, has } = scene;
  if (has?.(leaf.name) === false) return false;
  const present = valueAt(spec, leaf.steps);
  const outputs = new Set(before === undefined ? [] : [before]);
  return candidates(leaf, present).some((value: Json | undefined) => {
    const changed = withValue(spec, leaf.steps, value);
    const after = changed === undefined ? undefined : output(changed);
    if (after !== undefined) outputs.add(after);
    return outputs.size > 1;
  });
}
