import { type Json, type JsonObject, isRecord } from './object.ts';

/**
 * tokenPayload reads the claims of a token (JWT, RFC 7519) without verifying its signature; undefined if it
 * is not a JWT. The times `iat` and `exp` are in seconds since 1970.
 */
export function tokenPayload(token: string): JsonObject | undefined {
  const [, payload = ''] = token.split('.');
  try {
    const bytes = Uint8Array.from(
      atob(payload.replaceAll('-', '+').replaceAll('_', '/')),
      (character) => character.codePointAt(0) ?? 0,
    );
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isRecord<Json>(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
