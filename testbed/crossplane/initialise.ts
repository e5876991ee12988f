import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@managed-cluster/toolchain';
import type { KubeApi } from '../../lib/kube/api.ts';
import { binary, type WorldContext } from '../world-context.ts';
import { CROSSPLANE_NAMESPACE, type CrossplaneFiles } from './chart.ts';

/** The environment of Crossplane's init container in its chart, without webhooks. */
function initEnvironment(kubeconfig: string, files: CrossplaneFiles): Record<string, string> {
  return {
    KUBECONFIG: kubeconfig,
    POD_NAMESPACE: CROSSPLANE_NAMESPACE,
    POD_SERVICE_ACCOUNT: 'crossplane',
    CRDS_PATH: files.crds,
    ENABLE_WEBHOOKS: 'false',
    TLS_CA_SECRET_NAME: ROOT_CA_SECRET,
    TLS_CLIENT_SECRET_NAME: CLIENT_SECRET,
  };
}

const ROOT_CA_SECRET = 'crossplane-root-ca';
const CLIENT_SECRET = 'crossplane-tls-client';

/**
 * Runs `crossplane core init` until it succeeds: it does not wait for the CRDs that it applies, so
 * that the first run fails with `no matches for kind "Lock"`, and its permissions are aggregated
 * only once the controller manager runs (facts/crossplane-runs.md 2).
 */
export async function initialiseCrossplane(
  context: WorldContext,
  kubeconfig: string,
  files: CrossplaneFiles,
): Promise<void> {
  const init = context.process({
    name: 'm-crossplane-init',
    namespace: 'm',
    command: [binary(context, 'crossplane'), 'core', 'init', '--activation=*'],
    env: initEnvironment(kubeconfig, files),
    oneShot: true,
  });
  await waitFor({
    what: 'crossplane core init to succeed',
    timeoutMs: 120_000,
    intervalMs: 100,
    async look() {
      await init.start();
      const { code } = await init.exited();
      if (code !== 0) throw new Error(`exit code ${code}`);
      return true;
    },
    hopeless: () => context.failure(),
    hint: `its log is ${init.logFile}`,
  });
}

/** CrossplaneCertificates are what `core init` has made. */
export interface CrossplaneCertificates {
  /** Folder with the core's client certificate, in the layout of a mounted Secret. */
  readonly clientFolder: string;
  /** Signs the certificates of functions. */
  readonly authority: { readonly certificate: string; readonly privateKey: string };
}

/** Reads them from the Secrets and puts the core's own into a folder. */
export async function crossplaneCertificates(
  api: KubeApi,
  folder: string,
): Promise<CrossplaneCertificates> {
  const [root, client] = await Promise.all([
    secretFiles(api, ROOT_CA_SECRET),
    secretFiles(api, CLIENT_SECRET),
  ]);
  const clientFolder = join(folder, 'client');
  writeFolder(clientFolder, client);
  return {
    clientFolder,
    authority: { certificate: root['tls.crt'] ?? '', privateKey: root['tls.key'] ?? '' },
  };
}

/** Writes files into a folder, as a Secret that is mounted. */
export function writeFolder(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
}

async function secretFiles(api: KubeApi, name: string): Promise<Record<string, string>> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: CROSSPLANE_NAMESPACE, name };
  const secret = await api.get(ref);
  if (secret === undefined) throw new Error(`cannot find the Secret ${name} of Crossplane`);
  const data = (secret['data'] ?? {}) as Readonly<Record<string, string>>;
  return Object.fromEntries(
    Object.entries(data).map(([file, text]) => [file, Buffer.from(text, 'base64').toString()]),
  );
}
