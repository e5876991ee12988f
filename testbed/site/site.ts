import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { clientFromFile } from '../../lib/kube/client.ts';
import type { SiteName } from '../network/address-plan.ts';
import type { CertificateAuthority } from '../pki/certificate.ts';
import type { ManagedProcess } from '../processes.ts';
import type { NodeConfig } from '../node-double/config.ts';
import { nodeDoubleRequest } from './node.ts';
import { binary, type WorldContext } from '../world-context.ts';
import { apiServerArguments, controllerManagerArguments, etcdArguments } from './site-flags.ts';
import { createSiteIdentity, type SiteIdentity } from './site-pki.ts';

/** SiteProcesses are the programs of a site; each can be killed and restarted alone. */
export interface SiteProcesses {
  readonly etcd: ManagedProcess;
  readonly apiServer: ManagedProcess;
  readonly controllerManager: ManagedProcess;
  readonly nodeDouble: ManagedProcess;
}

/** Site is one Kubernetes API with its controllers and a node that runs Pods as processes. */
export interface Site {
  readonly name: SiteName;
  /** An administrator's client from the driver, independent of the link between the sites. */
  readonly api: KubeApi;
  /** The administrator's kubeconfig, good in every network namespace that reaches the site. */
  readonly kubeconfig: string;
  readonly auditLog: string;
  /** Signs client and server certificates that the site trusts. */
  readonly authority: CertificateAuthority;
  /** Folder for files of this site other than logs. */
  readonly folder: string;
  /** Folder with the data of its etcd. */
  readonly etcdData: string;
  readonly processes: SiteProcesses;
}

/** Starts the API server of a site and waits until it answers. */
export async function startApi({ name, processes }: Site, context: WorldContext): Promise<void> {
  await Promise.all([processes.etcd.start(), processes.apiServer.start()]);
  context.emit(`site ${name}: the API answers`);
}

/** Starts the controllers and the node of a site whose API answers, and waits until they work. */
export async function startControllers(
  { name, processes }: Site,
  context: WorldContext,
): Promise<void> {
  await Promise.all([processes.controllerManager.start(), processes.nodeDouble.start()]);
  context.emit(`site ${name}: controllers and node are ready`);
}

/** Prepares a site; nothing runs yet. */
export async function createSite(
  name: SiteName,
  context: WorldContext,
  images: NodeConfig['images'],
): Promise<Site> {
  const folder = join(context.folder, name);
  rmSync(folder, { recursive: true, force: true }); // of a world before in the same namespaces
  const identity = await createSiteIdentity(name, { state: folder, logs: context.logs });
  const api = clientFromFile(identity.adminKubeconfig);
  const node = { site: name, folder, kubeconfig: identity.adminKubeconfig, api, images };
  return {
    name,
    api,
    kubeconfig: identity.adminKubeconfig,
    auditLog: identity.files.auditLog,
    authority: identity.authority,
    folder,
    etcdData: identity.files.etcdData,
    processes: {
      ...controlPlane(name, context, { identity, api }),
      nodeDouble: context.process(nodeDoubleRequest(node, context)),
    },
  };
}

/** Created by two controllers in sequence, so it proves that they work. */
const DEFAULT_SERVICE_ACCOUNT: ObjectRef = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  namespace: 'default',
  name: 'default',
};

async function exists(api: KubeApi, ref: ObjectRef): Promise<boolean> {
  return (await api.get(ref)) !== undefined;
}

interface Parts {
  readonly identity: SiteIdentity;
  readonly api: KubeApi;
}

function controlPlane(
  name: SiteName,
  context: WorldContext,
  { identity, api }: Parts,
): Omit<SiteProcesses, 'nodeDouble'> {
  const { files } = identity;
  const etcd = context.process({
    name: `${name}-etcd`,
    namespace: name,
    command: [binary(context, 'etcd'), ...etcdArguments(files)],
  });
  const apiServer = context.process({
    name: `${name}-kube-apiserver`,
    namespace: name,
    command: [binary(context, 'kube-apiserver'), ...apiServerArguments(name, files)],
    ready: async () => (await api.raw('GET', '/readyz')) === 'ok',
    hopeless: () => etcd.failure(),
  });
  const controllerManager = context.process({
    name: `${name}-kube-controller-manager`,
    namespace: name,
    command: [binary(context, 'kube-controller-manager'), ...controllerManagerArguments(files)],
    ready: () => exists(api, DEFAULT_SERVICE_ACCOUNT),
    hopeless: () => apiServer.failure(),
  });
  return { etcd, apiServer, controllerManager };
}
