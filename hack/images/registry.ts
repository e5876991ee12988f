import { wrapError } from '../../lib/errors.ts';

/**
 * Authorize answers the authentication challenge of a registry: from its header `WWW-Authenticate` (RFC
 * 9110, 11.6.1) to a header `Authorization`.
 */
export type Authorize = (challenge: string) => Promise<string>;

/** RegistryAccess is the connection to a registry. */
export interface RegistryAccess {
  /** Such as `https://ghcr.io`, or `http://127.0.0.1:5000` without TLS. */
  readonly registry: string;
  /** Without it, an authentication challenge is an error. */
  readonly authorize?: Authorize;
  readonly signal?: AbortSignal;
}

/** RegistryRequest is one request of the distribution API. */
export interface RegistryRequest {
  readonly method: 'HEAD' | 'POST' | 'PUT';
  /** Absolute, or relative to the origin of the registry. */
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Status codes that are not errors. */
  readonly expect: readonly number[];
}

/** Registry sends requests to a registry and answers its challenges. */
export type Registry = (request: RegistryRequest) => Promise<Response>;

/** Maximum length of a response body in an error, in characters. */
const LONGEST_BODY = 500;

/**
 * A client for the OCI Distribution Specification v1.1. A request with an unexpected status code fails with
 * the response of the registry.
 */
export function registryAt({ registry, authorize, signal }: RegistryAccess): Registry {
  let authorization: string | undefined;

  async function send(request: RegistryRequest, url: URL): Promise<Response> {
    const { method, headers, body } = request;
    // An upload may go to another host, which must not get our credentials.
    const own = authorization !== undefined && url.origin === new URL(registry).origin;
    const sent = fetch(url, {
      method,
      headers: { ...headers, ...(own ? { Authorization: authorization ?? '' } : {}) },
      ...(body && { body: Buffer.from(body) }),
      ...(signal && { signal }),
    });
    return wrapError(`reach the registry (${method} ${url.href})`, sent);
  }

  return async (request) => {
    const url = new URL(request.url, registry);
    let response = await send(request, url);
    const challenge = response.headers.get('www-authenticate');
    if (response.status === 401 && challenge !== null && authorize !== undefined) {
      await response.body?.cancel();
      authorization = await authorize(challenge);
      response = await send(request, url);
    }
    if (request.expect.includes(response.status)) return response;
    const said = (await response.text()).slice(0, LONGEST_BODY);
    throw new Error(`${request.method} ${url.href} answered ${response.status} ${said}`.trimEnd());
  };
}
