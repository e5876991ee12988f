import { recordIn } from '../core/object.ts';
import { messageOf } from '../errors.ts';
import type { KubeApi } from '../kube/api.ts';
import type { Logger } from '../log.ts';
import { type Answer, type Guard, TEXT } from './diagnostics.ts';
import { SaturatedError, type Verdict, Verdicts } from './metrics-verdicts.ts';

/** MetricsAuthDeps are the dependencies of {@link metricsAuth}. */
export interface MetricsAuthDeps {
  /** The API server whose users may scrape. A replica that does not lead answers too, so it must not be limited to leaders. */
  readonly api: Pick<KubeApi, 'raw'>;
  readonly log: Logger;
  /** Monotonic time in milliseconds. */
  readonly now?: () => number;
}

type Fields = Readonly<Record<string, unknown>>;

const TOKEN_REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews';
const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

/** Anybody can cause a saturation, so it must not fill the log. */
const SATURATION_LOG_MS = 60_000;

const REFUSALS: Readonly<Record<Verdict, Answer | undefined>> = {
  allowed: undefined,
  unknown: refusal(401, 'unauthorized: send a token of this cluster as Authorization: Bearer'),
  denied: refusal(
    403,
    'forbidden: bind the user of the token to ClusterRole managed-cluster:metrics-reader',
  ),
};

/** The reason is in the log: it could tell a stranger where the API server is. */
const FAILED = refusal(500, 'cannot check the token: see the log of this program');

/**
 * metricsAuth lets only those read metrics whose token the API server knows and whose user may `get` the path
 * `/metrics`, as the filter of controller-runtime does (facts/kubernetes.md 2). Without an answer of the API server
 * nobody may.
 */
export function metricsAuth({ api, log, now = monotonic }: MetricsAuthDeps): Guard {
  const verdicts = new Verdicts((token) => review(api, token), now);
  const report = reporter({ log, now });
  return async ({ authorization }) => {
    const token = bearerToken(authorization);
    if (token === undefined) return REFUSALS.unknown;
    try {
      return REFUSALS[await verdicts.of(token)];
    } catch (error) {
      report(error);
      return FAILED;
    }
  };
}

/** Logs every failure, except that of a saturation at most once a minute. */
function reporter({ log, now }: Required<Omit<MetricsAuthDeps, 'api'>>): (error: unknown) => void {
  let quietUntil = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (error instanceof SaturatedError) {
      if (now() < quietUntil) return;
      quietUntil = now() + SATURATION_LOG_MS;
    }
    log.error({ error: messageOf(error) }, 'cannot check who asks for metrics');
  };
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}

/** The user in the answer to a TokenReview, as a SubjectAccessReview has it; undefined if the token is of nobody. */
function userIn(answer: unknown): Fields | undefined {
  const status = statusIn(answer);
  if (status['authenticated'] !== true) return undefined;
  const { username, groups, uid, extra } = recordIn(status, 'user') ?? {};
  if (typeof username !== 'string' || username === '') return undefined;
  return { user: username, groups, uid, extra };
}

function isAllowed(answer: unknown): boolean {
  const { allowed, denied } = statusIn(answer);
  return allowed === true && denied !== true;
}

/** Anything else than an answer must open nothing, and be no refusal that is remembered. */
function statusIn(answer: unknown): Fields {
  const status = recordIn(answer, 'status');
  if (status === undefined) throw new Error('the answer of the API server has no status');
  return status;
}

async function review(api: MetricsAuthDeps['api'], token: string): Promise<Verdict> {
  const who = await api.raw('POST', TOKEN_REVIEWS, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token },
  });
  const user = userIn(who);
  if (user === undefined) return 'unknown';
  const may = await api.raw('POST', ACCESS_REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { ...user, nonResourceAttributes: { path: '/metrics', verb: 'get' } },
  });
  return isAllowed(may) ? 'allowed' : 'denied';
}

function refusal(code: number, body: string): Answer {
  return { code, type: TEXT, body };
}

function monotonic(): number {
  return performance.now();
}
