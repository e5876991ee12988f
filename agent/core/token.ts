import { isRecord } from '../../lib/core/conditions.ts';

/** Life is from when to when a token is good, in seconds since 1970. */
export interface Life {
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** So much of its life a token has behind it when it is renewed: two thirds are left for an outage. */
const RENEWED_AT = 1 / 3;

/** lifeOf reads a ServiceAccount token (JWT, RFC 7519) without checking it; undefined when it is none. */
export function lifeOf(token: string): Life | undefined {
  const [, payload = ''] = token.split('.');
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (!isRecord(claims)) return undefined;
    const { iat: issuedAt, exp: expiresAt } = claims;
    return typeof issuedAt === 'number' && typeof expiresAt === 'number'
      ? { issuedAt, expiresAt }
      : undefined;
  } catch {
    return undefined;
  }
}

/** isDue tells whether a token shall be renewed now; one whose life is unknown is left alone. */
export function isDue(life: Life | undefined, nowSeconds: number): boolean {
  if (life === undefined) return false;
  const { issuedAt, expiresAt } = life;
  return nowSeconds >= issuedAt + (expiresAt - issuedAt) * RENEWED_AT;
}
