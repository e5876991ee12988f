/** ApiPath is the parsed path of a request to an API server. */
export interface ApiPath {
  /** Empty for the core group. */
  readonly group: string;
  /** Plural, such as `machines`; empty for paths such as `/readyz`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

const WRITES: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Resources whose POST requests change nothing. */
const REVIEWS: readonly string[] = ['authentication.k8s.io', 'authorization.k8s.io'];

/** Written periodically or repeatedly, so that the n-th write would differ between runs. */
const UNSTEADY: readonly string[] = ['events', 'leases'];

const PATH = new RegExp(
  '^/(?:api|apis/(?<group>[^/]+))/[^/]+(?:/namespaces/(?<namespace>[^/]+)(?=/))?' +
    '/(?<resource>[^/?]+)(?:/(?<name>[^/?]+))?(?:/(?<subresource>[^/?]+))?',
);

/** apiPath parses the path of a request (Kubernetes API concepts, resource URIs). */
export function apiPath(url: string): ApiPath {
  const found = PATH.exec(url)?.groups ?? {};
  const empty = { group: '', resource: '', namespace: '', name: '', subresource: '' };
  const present = Object.entries(found).filter(([, value]) => value !== undefined);
  return { ...empty, ...Object.fromEntries(present) };
}

/** isWrite reports whether a request changes something on the server; a dry run does not. */
export function isWrite(method: string, url: string): boolean {
  if (!WRITES.includes(method)) return false;
  const query = new URL(url, 'https://any').searchParams;
  return query.get('dryRun') !== 'All' && !REVIEWS.includes(apiPath(url).group);
}

/**
 * isSteadyWrite reports whether a write occurs at the same position in every run: not for Leases and
 * Events.
 */
export function isSteadyWrite(method: string, url: string): boolean {
  return isWrite(method, url) && !UNSTEADY.includes(apiPath(url).resource);
}
