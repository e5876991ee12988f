import { recordIn } from '../../../lib/core/object.ts';
import { tokenPayload } from '../../../lib/core/token-payload.ts';
import { textIn } from './json.ts';

/** TokenClaims is what a token of a ServiceAccount says of itself; times in seconds since 1970. */
export interface TokenClaims {
  readonly subject: string;
  /** uid of the ServiceAccount: a token outlives no account. */
  readonly uid: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Identity is the ServiceAccount that a token shall be of. */
export interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** So much of its life a token may have behind it: the agent renews at a third, so it did not. */
const WORN_OUT = 2 / 3;

/**
 * tokenNeeded is why a new token must be issued; undefined when the one that is there will do. The
 * token's own claims decide, not notes beside it: the agent renews into the same Secret, and a newer
 * token must never be written over by an older one.
 */
export function tokenNeeded(
  token: string | undefined,
  { namespace, name, uid }: Identity,
  nowSeconds: number,
): 'Missing' | 'Unreadable' | 'OfAnotherIdentity' | 'Expired' | 'NotRenewed' | undefined {
  if (token === undefined || token === '') return 'Missing';
  const claims = claimsOf(token);
  if (claims === undefined) return 'Unreadable';
  const { subject, issuedAt, expiresAt } = claims;
  if (subject !== `system:serviceaccount:${namespace}:${name}` || claims.uid !== uid) {
    return 'OfAnotherIdentity';
  }
  if (expiresAt <= nowSeconds) return 'Expired';
  return nowSeconds - issuedAt > (expiresAt - issuedAt) * WORN_OUT ? 'NotRenewed' : undefined;
}

/** claimsOf reads a token without checking it; undefined when it is no token of a ServiceAccount. */
export function claimsOf(token: string): TokenClaims | undefined {
  const claims = tokenPayload(token);
  const account = recordIn(recordIn(claims, 'kubernetes.io'), 'serviceaccount');
  const [subject, uid] = [textIn(claims, 'sub'), textIn(account, 'uid')];
  if (claims === undefined || subject === undefined || uid === undefined) return undefined;
  const { iat, exp } = { iat: claims['iat'], exp: claims['exp'] };
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  return { subject, uid, issuedAt: iat, expiresAt: exp };
}
