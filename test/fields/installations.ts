import { Registry } from 'prom-client';
import { AGENT_NAME, AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import type { AgentInstallation } from '../../lib/apis/agent-installation.generated.ts';
import { AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import { type JsonObject, type KubeObject, isRecord, type Json } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { createLogger } from '../../lib/log.ts';
import { managementIdentity } from '../../provider/core/installation/management-identity.ts';
import { agent } from '../../provider/installation/parts/agent.ts';
import { bootstrap } from '../../provider/installation/parts/bootstrap.ts';
import { credentials } from '../../provider/installation/parts/credentials.ts';
import { identity } from '../../provider/installation/parts/identity.ts';
import { scopeOf } from '../../provider/installation/scope.ts';
import { memorySide } from '../fake/memory-side.ts';
import type { Scene } from './unread.ts';
import { NO_SECRETS, NOTHING_ALLOWED } from '../fake/provider-options.ts';

const IDENTITY = 'infrastructure.cluster.x-k8s.io/v1beta2';

function kubeSystem(uid: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } };
}

/** What is on the management side: the namespace of the claim, and who the agents of two clusters are. */
const MANAGEMENT: readonly KubeObject[] = [
  kubeSystem('management'),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } },
  ...['demo', 'other', 'another'].flatMap((name) => {
    const [account] = managementIdentity({ namespace: 'team', name }, []);
    const uid = `uid-${name}`;
    return account === undefined ? [] : [{ ...account, metadata: { ...account.metadata, uid } }];
  }),
];

/** An agent of an older version runs already. */
const OLD_AGENT: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: AGENT_NAME, namespace: AGENT_NAMESPACE },
  spec: { template: { spec: { containers: [{ name: 'agent', image: 'agent:old' }] } } },
};

const SPEC: JsonObject = {
  clusterName: 'demo',
  kubeconfigSecretRef: { name: 'demo-kubeconfig', key: 'value' },
  cloud: {
    provider: 'aws',
    identityRef: { kind: 'AWSClusterStaticIdentity', name: 'wide' },
    workloadIdentityRef: { kind: 'AWSClusterStaticIdentity', name: 'narrow' },
  },
  tokenDays: 30,
  pauseUpgrades: false,
  imageMirror: 'mirror.example.com',
};

/** installationScenes are an AgentInstallation, with and without a narrower identity, and all that its parts ask and write. */
export function installationScenes(): readonly Scene<unknown>[] {
  const { workloadIdentityRef: _narrow, ...cloud } = Object(SPEC['cloud']);
  return [SPEC, { ...SPEC, cloud }].map((spec) => ({ spec, output }));
}

async function output(spec: unknown): Promise<string | undefined> {
  if (!isRecord<Json>(spec)) return undefined;
  const told: unknown[] = [];
  const workload = heard(memorySide([kubeSystem('workload'), OLD_AGENT]).api, told);
  const scope = scopeOf({
    deps: {
      management: heard(memorySide(MANAGEMENT).api, told),
      workload: (ref) => {
        told.push(ref);
        return Promise.resolve(workload);
      },
      log: createLogger('silent'),
      events: { event: () => undefined },
      metrics: new Registry(),
      clock: { now: () => new Date('2026-01-01T00:00:00Z') },
      options: {
        managementEndpoint: 'https://management.example.com',
        managementAuthority: '',
        agentImage: 'registry.example.com/agent:new',
        version: '0.0.0',
        allowed: { ...NOTHING_ALLOWED, imageMirrors: ['mirror.example.com'] },
      },
    },
    watch: NO_PROVIDERS,
    installation: {
      ...AGENT_INSTALLATION,
      metadata: { name: 'demo', namespace: 'team' },
      spec,
    } as unknown as AgentInstallation,
    plan: undefined,
    secrets: NO_SECRETS,
  });
  for (const part of [identity, bootstrap, agent, credentials]) {
    // oxlint-disable-next-line no-await-in-loop -- one part after the other, as in a pass
    told.push(await part.run(scope).catch(String));
  }
  return JSON.stringify(told);
}

const NO_PROVIDERS = {
  bundle: () => Promise.resolve({ crds: [], objects: [] }),
  quietMs: () => 0,
} as unknown as Parameters<typeof scopeOf>[0]['watch'];

/** Notes what an API server is asked for and told. */
function heard(api: KubeApi, told: unknown[]): KubeApi {
  return {
    ...api,
    get: (ref) => {
      told.push(ref.apiVersion === IDENTITY ? ref : ref.kind);
      return api.get(ref);
    },
    create: (object, options) => {
      told.push(object);
      return api.create(object, options);
    },
    apply: (object, options) => {
      told.push(object);
      return api.apply(object, options);
    },
    raw: (method, path, body) => {
      told.push([method, path, body]);
      return api.raw(method, path, body);
    },
  };
}
