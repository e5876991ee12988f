import { isRecord, type Json } from './object.ts';

/**
 * mergePatch applies an RFC 7386 merge patch: objects are merged key by key, null removes a key, and any
 * other value (including a list) replaces the old one. The arguments are not modified.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isRecord(patch)) return patch;
  const merged = new Map(isRecord(target) ? Object.entries(target) : []);
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) merged.delete(key);
    else if (change !== undefined) merged.set(key, mergePatch(merged.get(key), change));
  }
  return Object.fromEntries(merged);
}
