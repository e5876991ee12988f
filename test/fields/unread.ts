import type { Schema } from '../../lib/apis/schema/schema.ts';
import { candidates, leavesOf, valueAt, withValue, type Leaf } from './leaves.ts';

/** Output is all that is made of a spec, as text; undefined when the spec is not accepted. */
type Output = string | undefined;

/** Scene is a situation in which fields can matter. */
export interface Scene<Spec> {
  readonly spec: Spec;
  /** Whether a field can be written in this situation at all; absent: any. */
  readonly has?: (field: string) => boolean;
  readonly output: (spec: Spec) => Output | Promise<Output>;
}

/**
 * unread are the fields of a schema whose change changes nothing in any scene. A value that is refused
 * counts for nothing: a field that is only checked is read by nobody.
 */
export async function unread(
  schema: Schema,
  scenes: readonly Scene<unknown>[],
): Promise<readonly string[]> {
  const known = await Promise.all(scenes.map(async ({ spec, output }) => output(spec)));
  const again = await Promise.all(scenes.map(async ({ spec, output }) => output(spec)));
  const useless = scenes.filter(
    (_scene, index) => known[index] === undefined || known[index] !== again[index],
  );
  if (useless.length > 0) {
    const specs = useless.map(({ spec }) => JSON.stringify(spec)).join('; ');
    throw new Error(`scenes that are refused, or differ by themselves, show nothing: ${specs}`);
  }
  const found: string[] = [];
  for (const leaf of leavesOf(schema)) {
    // oxlint-disable-next-line no-await-in-loop -- the first scene that shows it is enough
    if (!(await isRead(leaf, scenes, known))) found.push(leaf.name);
  }
  return found;
}

async function isRead(
  leaf: Leaf,
  scenes: readonly Scene<unknown>[],
  known: readonly Output[],
): Promise<boolean> {
  // Where a field is written its value mostly matters: those scenes answer sooner.
  const inOrder = [...scenes.entries()].toSorted(
    ([, a], [, b]) => Number(isWritten(leaf, b.spec)) - Number(isWritten(leaf, a.spec)),
  );
  for (const [index, scene] of inOrder) {
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (await matters(leaf, scene, known[index])) return true;
  }
  return false;
}

function isWritten({ steps }: Leaf, spec: unknown): boolean {
  return valueAt(spec, steps) !== undefined;
}

async function matters(leaf: Leaf, scene: Scene<unknown>, before: Output): Promise<boolean> {
  const { spec, output, has } = scene;
  if (has?.(leaf.name) === false) return false;
  const outputs = new Set(before === undefined ? [] : [before]);
  for (const value of candidates(leaf, valueAt(spec, leaf.steps))) {
    const changed = withValue(spec, leaf.steps, value);
    // oxlint-disable-next-line no-await-in-loop -- the first value that shows it is enough
    const after = changed === undefined ? undefined : await output(changed);
    if (after !== undefined) outputs.add(after);
    if (outputs.size > 1) return true;
  }
  return false;
}
