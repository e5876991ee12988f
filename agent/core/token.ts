import { tokenPayload } from '../../lib/core/token-payload.ts';

/** Life is from when to when a token is good, in seconds since 1970. */
export interface Life {
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** So much of its life a token has behind it when it is renewed: two thirds are left for an outage. */
const RENEWED_AT = 1 / 3;

/** lifeOf reads a ServiceAccount token without checking it; undefined when it is none. */
export function lifeOf(token: string): Life | undefined {
  const { iat: issuedAt, exp: expiresAt } = tokenPayload(token) ?? {};
  return typeof issuedAt === 'number' && typeof expiresAt === 'number'
    ? { issuedAt, expiresAt }
    : undefined;
}

/** isDue tells whether a token shall be renewed now; one whose life is unknown is left alone. */
export function isDue(life: Life | undefined, nowSeconds: number): boolean {
  if (life === undefined) return false;
  const { issuedAt, expiresAt } = life;
  return nowSeconds >= issuedAt + (expiresAt - issuedAt) * RENEWED_AT;
}
