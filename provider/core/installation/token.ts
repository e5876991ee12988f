import { recordIn } from '../../../lib/core/object.ts';
import { tokenPayload } from '../../../lib/core/token-payload.ts';
import { textIn } from './json.ts';

/** TokenClaims holds the claims of a ServiceAccount token; times are in seconds since 1970. */
export interface TokenClaims {
  readonly subject: string;
  /** uid of the ServiceAccount: a token is invalid once its ServiceAccount is deleted. */
  readonly uid: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Identity is the ServiceAccount that a token must belong to. */
export interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The longest life that its tokens may have, in seconds. */
  readonly seconds: number;
}

const SLACK_SECONDS = 60;

/** The share of its lifetime after which a token counts as not renewed; the agent renews after a third. */
const WORN_OUT = 2 / 3;

/**
 * tokenNeeded returns the reason to issue a new token; undefined if the current one is good. The decision
 * uses the claims of the token and no other record: the agent renews into the same Secret, and an older
 * token must never overwrite a newer one.
 */
export function tokenNeeded(
  token: string | undefined,
  { namespace, name, uid, seconds }: Identity,
  nowSeconds: number,
):
  | 'Missing'
  | 'Unreadable'
  | 'OfAnotherIdentity'
  | 'Expired'
  | 'TooLong'
  | 'NotRenewed'
  | undefined {
  if (token === undefined || token === '') return 'Missing';
  const claims = claimsOf(token);
  if (claims === undefined) return 'Unreadable';
  const { subject, issuedAt, expiresAt } = claims;
  if (subject !== `system:serviceaccount:${namespace}:${name}` || claims.uid !== uid) {
    return 'OfAnotherIdentity';
  }
  if (expiresAt <= nowSeconds) return 'Expired';
  // Its renewal would be refused; some seconds are between the request and the token.
  if (expiresAt - issuedAt > seconds + SLACK_SECONDS) return 'TooLong';
  return nowSeconds - issuedAt > (expiresAt - issuedAt) * WORN_OUT ? 'NotRenewed' : undefined;
}

/** claimsOf reads a token without verifying it; undefined if it is not a ServiceAccount token. */
export function claimsOf(token: string): TokenClaims | undefined {
  const claims = tokenPayload(token);
  const account = recordIn(recordIn(claims, 'kubernetes.io'), 'serviceaccount');
  const [subject, uid] = [textIn(claims, 'sub'), textIn(account, 'uid')];
  if (claims === undefined || subject === undefined || uid === undefined) return undefined;
  const { iat, exp } = { iat: claims['iat'], exp: claims['exp'] };
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  return { subject, uid, issuedAt: iat, expiresAt: exp };
}
