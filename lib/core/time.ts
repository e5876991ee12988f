/** metaTime is how `metav1.Time` is written: RFC 3339 in UTC, whole seconds; what is left of one is cut off. */
export function metaTime(time: Date): string {
  return `${time.toISOString().slice(0, -'.000Z'.length)}Z`;
}

/** microTime is how `metav1.MicroTime` is written: RFC 3339 in UTC, exactly six digits of a second. */
export function microTime(time: Date): string {
  return `${time.toISOString().slice(0, -'Z'.length)}000Z`;
}
