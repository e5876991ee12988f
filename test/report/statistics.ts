/** percentile is the value below which a share of the values lies (nearest rank); NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** median is the middle one, the lower of two. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
