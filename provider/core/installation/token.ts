import { isRecord, recordIn } from '../../../lib/core/conditions.ts';
import { isJsonObject } from '../../../lib/core/merge-patch.ts';
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
  const claims = payloadOf(token);
  const account = recordIn(recordIn(claims, 'kubernetes.io'), 'serviceaccount');
  const [subject, uid] = [textIn(claims, 'sub'), textIn(account, 'uid')];
  if (!isRecord(claims) || subject === undefined || uid === undefined) return undefined;
  const { iat, exp } = { iat: claims['iat'], exp: claims['exp'] };
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  return { subject, uid, issuedAt: iat, expiresAt: exp };
}

function payloadOf(token: string): unknown {
  const [, payload = ''] = token.split('.');
  try {
    const bytes = Uint8Array.from(
      atob(payload.replaceAll('-', '+').replaceAll('_', '/')),
      (character) => character.codePointAt(0) ?? 0,
    );
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
