import { tokenPayload } from '../../lib/core/token-payload.ts';

/** Life is the validity of a token, in seconds since 1970. */
export interface Life {
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** A token is renewed after this fraction of its life: two thirds are left for an outage. */
const RENEWED_AT = 1 / 3;

/** lifeOf reads the validity of a ServiceAccount token without verifying it; undefined when it is not a token. */
export function lifeOf(token: string): Life | undefined {
  const { iat: issuedAt, exp: expiresAt } = tokenPayload(token) ?? {};
  return typeof issuedAt === 'number' && typeof expiresAt === 'number'
    ? { issuedAt, expiresAt }
    : undefined;
}

/** isDue reports whether a token must be renewed now; a token with unknown validity is not renewed. */
export function isDue(life: Life | undefined, nowSeconds: number): boolean {
  if (life === undefined) return false;
  const { issuedAt, expiresAt } = life;
  return nowSeconds >= issuedAt + (expiresAt - issuedAt) * RENEWED_AT;
}
