/** CertificateFacts is what a rotation is decided by; times in milliseconds since 1970. */
export interface CertificateFacts {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** ServingFacts is the same of a serving certificate. */
export interface ServingFacts extends CertificateFacts {
  readonly dnsNames: readonly string[];
  /** Whether the authority that signs now has signed it. */
  readonly ofPresentAuthority: boolean;
  /** Whether any trusted authority has signed it. */
  readonly trusted: boolean;
}

/** Certificates are replaced when so much of their life is over. */
const REPLACED_AT = 2 / 3;

/** authorityNeeded is why a new authority must be made; undefined when the present one will do. */
export function authorityNeeded(
  authority: CertificateFacts | undefined,
  now: number,
): 'Missing' | 'Expired' | 'Rotation' | undefined {
  if (authority === undefined) return 'Missing';
  if (now >= authority.notAfter) return 'Expired';
  return isWornOut(authority, now) ? 'Rotation' : undefined;
}

/**
 * servingNeeded is why a serving certificate must be issued. A new authority signs only once every
 * webhook and conversion trusts it (`trustSpread`): until then a certificate of an older one that is
 * still trusted goes on, so that no call fails in between.
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

/** stillTrusted are the authorities that go on being trusted beside a new one: until they expire. */
export function stillTrusted<Authority extends CertificateFacts>(
  authorities: readonly Authority[],
  now: number,
): readonly Authority[] {
  return authorities.filter(({ notAfter }) => now < notAfter);
}

function isWornOut({ notBefore, notAfter }: CertificateFacts, now: number): boolean {
  return now - notBefore > (notAfter - notBefore) * REPLACED_AT;
}
