import { mergePatch } from '../../lib/core/merge-patch.ts';
import type { Json, KubeObject } from '../../lib/core/object.ts';
import { StatusError } from '../../lib/kube/errors.ts';

interface Operation {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: Json;
}

/** patched applies an RFC 7386 merge patch, or an RFC 6902 JSON patch as far as pivots use it. */
export function patched(target: KubeObject, patch: unknown): KubeObject {
  if (!Array.isArray(patch)) return mergePatch(target as Json, clone(patch)) as KubeObject;
  const result = clone(target);
  for (const operation of patch as readonly Operation[]) operate(result, operation);
  return result as KubeObject;
}

function operate(target: Json, { op, path, value }: Operation): void {
  const keys = path.slice(1).split('/').map(unescaped);
  const last = keys.pop() ?? '';
  const parent = keys.reduce((at, key) => inner(at, key), target as Record<string, Json>);
  if (op === 'test') {
    if (JSON.stringify(parent[last]) !== JSON.stringify(value)) throw refused(`test: ${path}`);
    return;
  }
  if (op === 'remove') {
    if (!(last in parent)) throw refused(`nothing to remove: ${path}`);
    delete parent[last];
    return;
  }
  parent[last] = value ?? null;
}

function inner(parent: Record<string, Json>, key: string): Record<string, Json> {
  const next = parent[key];
  if (typeof next !== 'object' || next === null) throw refused(`no ${key}`);
  return next as Record<string, Json>;
}

function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function refused(message: string): StatusError {
  return new StatusError('PATCH', 422, { reason: 'Invalid', message });
}

/** clone is a deep copy as it would travel. */
function clone(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

const frozen = new WeakSet<object>();

/** frozenCopy is a deep copy as it would travel that nobody can change; parts of such a copy are shared. */
export function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || frozen.has(value)) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map((entry: unknown) => frozenCopy(entry ?? null))
    : Object.fromEntries(
        Object.entries(value).flatMap(([key, field]: [string, unknown]) =>
          field === undefined ? [] : [[key, frozenCopy(field)]],
        ),
      );
  frozen.add(Object.freeze(copy as Value & object));
  return copy as Value;
}
