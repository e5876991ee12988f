import { agentClusterOf } from '../../../lib/apis/composed.ts';
import {
  AGENT_NAMESPACE,
  AGENTS_NAMESPACE,
  agentIdentity,
  BOOTSTRAP_KEYS,
  BOOTSTRAP_SECRET,
  TOKEN_AUDIENCES_ANNOTATION,
} from '../../../lib/apis/agent.ts';
import { CLUSTER_LABEL } from '../../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { wrapError } from '../../../lib/errors.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import { covers } from '../../../lib/core/subset.ts';
import { textIn } from '../../core/installation/json.ts';
import { tokenSeconds } from '../../core/installation/management-identity.ts';
import { tokenNeeded } from '../../core/installation/token.ts';
import { applied, FIELD_MANAGER } from '../apply.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';
import { base64, secretText } from '../../../lib/core/secret-data.ts';

/**
 * bootstrap gives the agent its access to the management side: endpoint, certificate authority and first
 * token.
 */
export const bootstrap: Part = {
  name: 'Bootstrap',
  needs: ['Identity', 'Target'],
  async run(scope: Scope): Promise<PartOutcome> {
    const { deps, now } = scope;
    const api = await scope.workload();
    const wanted = secretWithoutToken(scope);
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: AGENT_NAMESPACE };
    const found = await api.get({ ...ref, name: BOOTSTRAP_SECRET });
    const there = await written(api, wanted, found);
    const [namespace, name] = [AGENTS_NAMESPACE, identityOf(scope)];
    const account = await deps.management.get({ ...ref, kind: 'ServiceAccount', namespace, name });
    const uid = account?.metadata.uid;
    if (account === undefined || uid === undefined) {
      return wait('WaitingForIdentity', `Waiting for ServiceAccount ${namespace}/${name} to exist`);
    }
    const token = secretText(there, BOOTSTRAP_KEYS.token);
    const seconds = tokenSeconds(scope.installation.spec.tokenDays);
    const owner = { namespace, name, uid, seconds };
    const why = tokenNeeded(token, owner, now.getTime() / 1000);
    if (why === undefined) return doneWith({});
    await writeToken(api, there, await newToken(scope, account));
    const message = `Issued a token for the agent (${why})`;
    deps.events.event(scope.installation, 'Normal', 'TokenIssued', message);
    return doneWith({});
  },
};

/**
 * The first Secret is created, not applied: if two management clusters install an agent at the same time,
 * one of them gets a conflict.
 */
async function written(
  api: KubeApi,
  wanted: KubeObject,
  found: KubeObject | undefined,
): Promise<KubeObject> {
  if (found !== undefined) {
    if (isOfAnother(found, wanted))
      throw new Error('another cluster installed its agent at the same time');
    return covers(found, wanted) ? found : applied(api, wanted);
  }
  return wrapError(
    `create Secret ${AGENT_NAMESPACE}/${BOOTSTRAP_SECRET}`,
    api.create(wanted, { fieldManager: FIELD_MANAGER }),
  );
}

/** The target may have changed since it was checked; the next pass reports why. */
function isOfAnother(found: KubeObject, wanted: KubeObject): boolean {
  return [BOOTSTRAP_KEYS.namespace, BOOTSTRAP_KEYS.cluster].some((key) => {
    const value = secretText(found, key);
    return value !== undefined && value !== secretText(wanted, key);
  });
}

function identityOf({ installation, cluster }: Scope): string {
  return agentIdentity(agentClusterOf(installation, cluster));
}

/** The token is not applied: it belongs to the client that renewed it last. */
function secretWithoutToken(scope: Scope): KubeObject {
  const { deps, namespace, cluster } = scope;
  const { managementEndpoint, managementAuthority } = deps.options;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: BOOTSTRAP_SECRET,
      namespace: AGENT_NAMESPACE,
      labels: { [CLUSTER_LABEL]: cluster },
    },
    type: 'Opaque',
    data: {
      [BOOTSTRAP_KEYS.endpoint]: base64(managementEndpoint),
      [BOOTSTRAP_KEYS.authority]: base64(managementAuthority),
      [BOOTSTRAP_KEYS.namespace]: base64(namespace),
      [BOOTSTRAP_KEYS.cluster]: base64(cluster),
      [BOOTSTRAP_KEYS.identity]: base64(identityOf(scope)),
    },
  };
}

async function newToken({ deps, installation }: Scope, account: KubeObject): Promise<string> {
  const { namespace = '', name = '' } = account.metadata;
  const what = `issue a token for ServiceAccount ${namespace}/${name}`;
  const answer = await wrapError(
    what,
    deps.management.raw('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: tokenSeconds(installation.spec.tokenDays) },
    }),
  );
  const token = textIn(recordIn(answer, 'status'), 'token');
  if (token === undefined) throw new Error(`cannot ${what}: the API server returned none`);
  await allowAudiences(deps.management, account, recordIn(answer, 'spec')?.['audiences']);
  return token;
}

/**
 * A token that was asked for without an audience is for the API server, and the answer names its audiences
 * (kube-apiserver v1.36 registry/core/serviceaccount/storage/token.go). They are all that the agent gets when it renews
 * the token (policy agent-tokens); they are known here only.
 */
async function allowAudiences(
  api: KubeApi,
  account: KubeObject,
  audiences: unknown,
): Promise<void> {
  if (!Array.isArray(audiences)) return;
  const { uid, annotations } = account.metadata;
  const text = audiences.join(',');
  if (annotations?.[TOKEN_AUDIENCES_ANNOTATION] === text) return;
  await wrapError(
    'keep the audiences of the API server',
    api.patch(refOf(account), {
      metadata: { uid, annotations: { [TOKEN_AUDIENCES_ANNOTATION]: text } },
    }),
  );
}

/** Uses the resourceVersion that was read, so that a token that the agent has written since is kept. */
async function writeToken(api: KubeApi, secret: KubeObject, token: string): Promise<void> {
  const { name = '', resourceVersion } = secret.metadata;
  await wrapError(
    `write the agent's token into Secret ${AGENT_NAMESPACE}/${name}`,
    api.patch(
      { apiVersion: 'v1', kind: 'Secret', namespace: AGENT_NAMESPACE, name },
      { metadata: { resourceVersion }, data: { [BOOTSTRAP_KEYS.token]: base64(token) } },
    ),
  );
}
