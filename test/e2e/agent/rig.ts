import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { builtFile, inNamespace } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import {
  AGENT_NAME,
  AGENT_NAMESPACE,
  agentIdentity,
  AGENTS_NAMESPACE,
  BOOTSTRAP_KEYS,
  BOOTSTRAP_SECRET,
  TOKEN_AUDIENCES_ANNOTATION,
} from '../../../lib/apis/agent.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { agentNamespace, agentObjects } from '../../../provider/core/installation/agent-objects.ts';
import { tokenPayload } from '../../../lib/core/token-payload.ts';
import { managementIdentity } from '../../../provider/core/installation/management-identity.ts';
import { objectsIn } from '../../../lib/program/manifests.ts';

/** Place is one API server with an administrator's way to it. */
export interface Place {
  readonly api: KubeApi;
  /** Text of the administrator's kubeconfig. */
  readonly kubeconfig: string;
}

/** RigOptions say where an agent is set up, as the provider would, and for which cluster. */
export interface RigOptions {
  readonly management: Place;
  readonly workload: Place;
  readonly namespace: string;
  readonly cluster: string;
  /** For the agent's files and log. */
  readonly folder: string;
  readonly helm: string;
  /** Secrets of layers that the agent may read. */
  readonly secrets?: readonly string[];
  /** Life of the first token on the management side, in seconds. */
  readonly tokenSeconds?: number;
}

/** Rig is an agent that runs as a process, with the rights and tokens that the product gives it. */
export interface Rig {
  readonly logFile: string;
  start(): void;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const MANAGER = { fieldManager: 'e2e', force: true };

/** setUp makes identities on both sides and the bootstrap Secret; the agent does not run yet. */
export async function setUp(options: RigOptions): Promise<Rig> {
  const { management, workload, namespace, cluster, secrets = [] } = options;
  await installCrd(workload.api);
  await Promise.all([
    applyAll(management.api, [
      namespaceOf(namespace),
      namespaceOf(AGENTS_NAMESPACE),
      ...managementIdentity({ namespace, name: cluster }, secrets),
    ]),
    applyAll(workload.api, [
      agentNamespace(),
      namespaceOf(namespace),
      ...agentObjects('demo', { image: 'none' }).filter(({ kind }) => kind !== 'Deployment'),
    ]),
  ]);
  await applyAll(workload.api, [await bootstrapSecret(options)]);
  return rigOf(options, await serviceAccountFolder(options));
}

async function installCrd(api: KubeApi): Promise<void> {
  await applyAll(api, objectsIn('package/crds/clusterplans.m.managedcluster.io.yaml'));
  await waitFor({
    what: 'ClusterPlans to be served',
    timeoutMs: 30_000,
    look: () => api.list({ apiVersion: 'm.managedcluster.io/v1alpha1', kind: 'ClusterPlan' }),
  });
}

async function bootstrapSecret(options: RigOptions): Promise<KubeObject> {
  const { management, namespace, cluster, tokenSeconds = 86_400 } = options;
  const { server, authority } = addressIn(management.kubeconfig);
  const identity = agentIdentity({ namespace, name: cluster });
  const token = await tokenOf(management.api, AGENTS_NAMESPACE, identity, tokenSeconds);
  await allowAudiences(management.api, identity, token);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: BOOTSTRAP_SECRET, namespace: AGENT_NAMESPACE },
    stringData: {
      [BOOTSTRAP_KEYS.endpoint]: server,
      [BOOTSTRAP_KEYS.authority]: authority,
      [BOOTSTRAP_KEYS.token]: token,
      [BOOTSTRAP_KEYS.namespace]: namespace,
      [BOOTSTRAP_KEYS.cluster]: cluster,
      [BOOTSTRAP_KEYS.identity]: identity,
    },
  };
}

/** As the provider does: the agent renews its token for these audiences only. */
async function allowAudiences(api: KubeApi, name: string, token: string): Promise<void> {
  const { aud } = tokenPayload(token) ?? {};
  const audiences = Array.isArray(aud) ? aud.map(String) : [];
  const annotations = { [TOKEN_AUDIENCES_ANNOTATION]: audiences.join(',') };
  await api.patch(
    { apiVersion: 'v1', kind: 'ServiceAccount', namespace: AGENTS_NAMESPACE, name },
    { metadata: { annotations } },
  );
}

/** What the kubelet would mount. */
async function serviceAccountFolder({ workload, folder }: RigOptions): Promise<string> {
  const path = join(folder, 'service-account');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'ca.crt'), addressIn(workload.kubeconfig).authority);
  const token = await tokenOf(workload.api, AGENT_NAMESPACE, AGENT_NAME, 86_400);
  writeFileSync(join(path, 'token'), token);
  return path;
}

function rigOf({ workload, folder, helm }: RigOptions, serviceAccount: string): Rig {
  const logFile = join(folder, 'agent.log');
  const { hostname, port } = new URL(addressIn(workload.kubeconfig).server);
  let child: ChildProcess | undefined;
  return {
    logFile,
    start(): void {
      const flags = ['--service-account-folder', serviceAccount, '--cache-folder', folder].concat([
        '--metrics-port',
        '0',
        '--health-port',
        '0',
        '--helm',
        helm,
      ]);
      // On the workload site, so that a cut link is one for it too.
      const command = [process.execPath, builtFile('agent/main.ts'), ...flags];
      const [program = '', ...args] = inNamespace('w', command);
      const env = {
        PATH: process.env['PATH'],
        KUBERNETES_SERVICE_HOST: hostname,
        KUBERNETES_SERVICE_PORT: port,
      };
      child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const log = createWriteStream(logFile, { flags: 'a' });
      child.stdout?.pipe(log);
      child.stderr?.pipe(log);
    },
    async stop(signal = 'SIGTERM'): Promise<number | null> {
      if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

/** applyAll applies objects one after the other, as an administrator. */
export async function applyAll(api: KubeApi, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    // oxlint-disable-next-line no-await-in-loop -- namespaces before what is in them
    await api.apply(object, MANAGER);
  }
}

function namespaceOf(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

async function tokenOf(
  api: KubeApi,
  namespace: string,
  name: string,
  expirationSeconds: number,
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const answer = await api.raw('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds },
  });
  return String(recordIn(answer, 'status')?.['token']);
}

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
}

function addressIn(kubeconfig: string): { readonly server: string; readonly authority: string } {
  const [{ cluster } = { cluster: undefined }] = (parse(kubeconfig) as Kubeconfig).clusters;
  if (cluster === undefined) throw new Error('cannot read the kubeconfig: it has no cluster');
  const authority = Buffer.from(cluster['certificate-authority-data'], 'base64').toString('utf8');
  return { server: cluster.server, authority };
}
