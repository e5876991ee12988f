/** CertificateFacts is the input of a rotation decision; times are in milliseconds since 1970. */
export interface CertificateFacts {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** ServingFacts is CertificateFacts for a serving certificate. */
export interface ServingFacts extends CertificateFacts {
  readonly dnsNames: readonly string[];
  /** Whether the current authority signed it. */
  readonly ofPresentAuthority: boolean;
  /** Whether any trusted authority signed it. */
  readonly trusted: boolean;
}

/** The share of its validity period after which a certificate is replaced. */
const REPLACED_AT = 2 / 3;

/**
 * authorityNeeded returns the reason to create a new authority; undefined if the current one is still good.
 */
export function authorityNeeded(
  authority: CertificateFacts | undefined,
  now: number,
): 'Missing' | 'Expired' | 'Rotation' | undefined {
  if (authority === undefined) return 'Missing';
  if (now >= authority.notAfter) return 'Expired';
  return isWornOut(authority, now) ? 'Rotation' : undefined;
}

/**
 * servingNeeded returns the reason to issue a serving certificate. A new authority signs only after every
 * webhook and conversion trusts it (`trustSpread`). Until then a certificate of an older, still trusted
 * authority stays in use, so that no call fails in between.
 */
export function servingNeeded(
  serving: ServingFacts | undefined,
  wanted: readonly string[],
  at: { readonly now: number; readonly trustSpread: boolean },
): 'Missing' | 'OtherNames' | 'Expired' | 'Untrusted' | 'Rotation' | undefined {
  if (serving === undefined) return 'Missing';
  if (!wanted.every((name) => serving.dnsNames.includes(name))) return 'OtherNames';
  if (at.now >= serving.notAfter) return 'Expired';
  if (!serving.trusted) return 'Untrusted';
  const due = isWornOut(serving, at.now) || !serving.ofPresentAuthority;
  return due && at.trustSpread ? 'Rotation' : undefined;
}

/** stillTrusted returns the authorities that stay trusted next to a new one until they expire. */
export function stillTrusted<Authority extends CertificateFacts>(
  authorities: readonly Authority[],
  now: number,
): readonly Authority[] {
  return authorities.filter(({ notAfter }) => now < notAfter);
}

function isWornOut({ notBefore, notAfter }: CertificateFacts, now: number): boolean {
  return now - notBefore > (notAfter - notBefore) * REPLACED_AT;
}
