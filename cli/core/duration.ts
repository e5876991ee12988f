/** Units of time as kubectl writes them, with their length in seconds. */
const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** duration writes seconds as kubectl does: the two largest units, such as `5m10s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first < 0) return '0s';
  const [unit, size] = UNITS[first] ?? ['s', 1];
  const next = UNITS[first + 1];
  const head = `${Math.floor(whole / size)}${unit}`;
  const rest = next === undefined ? 0 : Math.floor((whole % size) / next[1]);
  // As kubectl does: from ten of a unit on, the smaller unit is left out.
  return rest === 0 || whole >= 10 * size || next === undefined ? head : `${head}${rest}${next[0]}`;
}

/** secondsBetween is the difference of two RFC 3339 times; zero when one of them is invalid. */
export function secondsBetween(earlier: string, later: string): number {
  const seconds = (Date.parse(later) - Date.parse(earlier)) / 1000;
  return Number.isFinite(seconds) ? seconds : 0;
}
