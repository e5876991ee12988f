/** metaTime formats a time like `metav1.Time`: RFC 3339 in UTC, truncated to whole seconds. */
export function metaTime(time: Date): string {
  return `${time.toISOString().slice(0, -'.000Z'.length)}Z`;
}

/** microTime formats a time like `metav1.MicroTime`: RFC 3339 in UTC with exactly six fractional digits. */
export function microTime(time: Date): string {
  return `${time.toISOString().slice(0, -'Z'.length)}000Z`;
}
