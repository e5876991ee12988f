const UNITS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A `resource.Quantity` as a number of its base unit: cores, bytes. */
export function quantityOf(text: string): number {
  const [, digits, unit] = /^([0-9.]+(?:e[0-9]+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = UNITS[unit ?? '?'];
  if (digits === undefined || factor === undefined) {
    throw new Error(`cannot parse the quantity ${text}`);
  }
  return Number(digits) * factor;
}
