import {
  AGENT_NAMESPACE,
  AGENTS_NAMESPACE,
  BOOTSTRAP_KEYS,
  BOOTSTRAP_SECRET,
  TOKEN_EXPIRES_ANNOTATION,
  TOKEN_ISSUED_ANNOTATION,
} from '../lib/apis/agent.ts';
import { recordIn } from '../lib/core/object.ts';
import { metaTime } from '../lib/core/time.ts';
import { base64 } from '../lib/core/secret-data.ts';
import { wrapError, messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Logger } from '../lib/log.ts';
import type { ManagementAccess } from './access.ts';
import { bootstrapOf, type Bootstrap } from './bootstrap.ts';
import { isDue, lifeOf, type Life } from './core/token.ts';
import { repeatedly } from './pacing.ts';

const SECRET = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: AGENT_NAMESPACE,
  name: BOOTSTRAP_SECRET,
};

/** How often the token is checked; often enough for the shortest possible token (10 min). */
const LOOK_MS = 30_000;

/** RenewalSides are the issuer of the token and the cluster that stores it. */
export interface RenewalSides {
  readonly local: KubeApi;
  readonly management: ManagementAccess;
  readonly bootstrap: Bootstrap;
  readonly log: Logger;
}

/** runTokenRenewal renews the agent's token at a third of its life, until the signal. Never fails. */
export function runTokenRenewal(sides: RenewalSides, signal: AbortSignal): Promise<void> {
  const { management, log } = sides;
  return repeatedly(
    async () => {
      const life = lifeOf(management.token());
      if (life === undefined || !isDue(life, Date.now() / 1000)) return;
      const token = await renewed(sides, life);
      await keep(sides, token);
      management.renewed(token);
      log.info('token renewed');
    },
    {
      everyMs: LOOK_MS,
      onFailure(error, failures): void {
        const level = failures === 1 ? 'warn' : 'debug';
        log[level]({ error: messageOf(error) }, 'cannot renew the token yet');
      },
    },
    signal,
  );
}

async function renewed({ management, bootstrap }: RenewalSides, life: Life): Promise<string> {
  const [namespace, name] = [AGENTS_NAMESPACE, bootstrap.identity];
  const answer = await wrapError(
    `renew the token of ServiceAccount ${namespace}/${name}`,
    management.api.raw('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: life.expiresAt - life.issuedAt },
    }),
  );
  const token = recordIn(answer, 'status')?.['token'];
  if (typeof token !== 'string' || token === '') {
    throw new Error(
      `cannot renew the token of ServiceAccount ${namespace}/${name}: the response has no token`,
    );
  }
  return token;
}

/** Replaces only the token that was renewed: a token that was re-issued meanwhile is newer. */
async function keep({ local, management }: RenewalSides, token: string): Promise<void> {
  const secret = await wrapError(`read Secret ${BOOTSTRAP_SECRET}`, local.get(SECRET));
  if (secret === undefined)
    throw new Error(`cannot store the token: Secret ${BOOTSTRAP_SECRET} does not exist`);
  if (bootstrapOf(secret).token !== management.token()) return;
  const { resourceVersion } = secret.metadata;
  const life = lifeOf(token);
  const annotations =
    life === undefined
      ? {}
      : {
          [TOKEN_ISSUED_ANNOTATION]: time(life.issuedAt),
          [TOKEN_EXPIRES_ANNOTATION]: time(life.expiresAt),
        };
  const data = { [BOOTSTRAP_KEYS.token]: base64(token) };
  const patch = { metadata: { resourceVersion, annotations }, data };
  await wrapError(`store the token in Secret ${BOOTSTRAP_SECRET}`, local.patch(SECRET, patch));
}

function time(seconds: number): string {
  return metaTime(new Date(seconds * 1000));
}
