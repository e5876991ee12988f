import { join } from 'node:path';
import type { KubeApi } from '../../lib/kube/api.ts';
import { siteAddresses } from '../network/address-plan.ts';
import { issueCertificate, type CertificateAuthority } from '../pki/certificate.ts';
import type { ManagedProcess } from '../processes.ts';
import { builtFile } from '../built-file.ts';
import type { WorldContext } from '../world-context.ts';
import { writeFolder } from './initialise.ts';
import { portAnswers } from './port.ts';

/** The name that compositions call the function by, which is also its package's name. */
const FUNCTION_NAME = 'function-managed-cluster';

const PORT = 9443;

/** FunctionOptions are the command of the function and its certificates. */
export interface FunctionOptions {
  readonly authority: CertificateAuthority;
  /** Where its certificate is put. */
  readonly folder: string;
  /** Ours when absent. The address and the folder of certificates are added as Crossplane does. */
  readonly command?: readonly string[];
}

/** The function as a process on the management site, reachable from the core and the driver. */
export async function functionProcess(
  context: WorldContext,
  options: FunctionOptions,
): Promise<ManagedProcess> {
  const { authority, folder } = options;
  const { bridge } = siteAddresses('m');
  const issued = await issueCertificate(authority, {
    commonName: FUNCTION_NAME,
    dnsNames: ['localhost'],
    ips: ['127.0.0.1', bridge],
    usages: ['serverAuth'],
  });
  writeFolder(folder, {
    'tls.crt': issued.certificate,
    'tls.key': issued.privateKey,
    'ca.crt': authority.certificate,
  });
  const command = options.command ?? [process.execPath, builtFile('function/main.ts')];
  return context.process({
    name: `m-${FUNCTION_NAME}`,
    namespace: 'm',
    command: [...command, '--address', `0.0.0.0:${PORT}`],
    env: { TLS_SERVER_CERTS_DIR: folder },
    ready: () => portAnswers(bridge, PORT),
  });
}

/**
 * Registers the function with Crossplane without a package: a paused revision is never pulled from a
 * registry, and its endpoint is set as the package manager would set it.
 */
export async function registerFunction(api: KubeApi): Promise<void> {
  const revision = {
    apiVersion: 'pkg.crossplane.io/v1',
    kind: 'FunctionRevision',
    metadata: {
      name: FUNCTION_NAME,
      labels: { 'pkg.crossplane.io/package': FUNCTION_NAME },
      annotations: { 'crossplane.io/paused': 'true' },
    },
    spec: {
      desiredState: 'Active',
      image: `registry.example.com/${FUNCTION_NAME}:dev`,
      revision: 1,
    },
  };
  await api.apply(revision, { fieldManager: 'world' });
  const status = { endpoint: `dns:///localhost:${PORT}`, capabilities: ['composition'] };
  const ref = { apiVersion: revision.apiVersion, kind: revision.kind, name: FUNCTION_NAME };
  await api.patch(ref, { status }, { subresource: 'status' });
}

/** Where the function keeps its certificate. */
export function functionFolder(siteFolder: string): string {
  return join(siteFolder, 'function');
}
