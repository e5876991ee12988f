import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { wrapError } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import type { Kubeconfig } from '../lib/kube/kubeconfig.ts';
import { connectTo } from './connection.ts';
import { merged, rawConfig, resolveContext } from './raw-config.ts';

/** ConfigFlags are the flags that select the cluster. */
export interface ConfigFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** Connected is a client with the namespace to use. */
export interface Connected {
  readonly api: KubeApi;
  /** From the flag, else from the context, else `default`. */
  readonly namespace: string;
}

const IN_CLUSTER_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/**
 * findCluster finds the cluster as kubectl does: `--kubeconfig`, else the files of KUBECONFIG (merged,
 * the first value wins, missing files are skipped), else ~/.kube/config, else the in-cluster config.
 * Fails with a message for the user when there is none. `timeoutMs` is the timeout of each request.
 */
export async function findCluster(
  flags: ConfigFlags,
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<Connected> {
  const files = filesOf(flags, environment);
  if (files.length > 0) {
    const configs = await Promise.all(files.map(readConfig));
    const config = merged(configs, flags.context);
    const namespace = flags.namespace ?? resolveContext(config).namespace ?? 'default';
    return { api: await connectTo(config, timeoutMs), namespace };
  }
  if (environment['KUBERNETES_SERVICE_HOST'] === undefined) {
    throw new Error(
      'cannot find a kubeconfig: set KUBECONFIG, pass --kubeconfig, or create ~/.kube/config',
    );
  }
  const { clientInCluster } = await import('../lib/kube/client.ts');
  const own = (await readFile(IN_CLUSTER_NAMESPACE, 'utf8')).trim();
  return { api: clientInCluster({ timeoutMs }), namespace: flags.namespace ?? own };
}

function filesOf({ kubeconfig }: ConfigFlags, environment: NodeJS.ProcessEnv): readonly string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  const candidates = listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
  const files = candidates.filter((file) => existsSync(file));
  if (files.length === 0 && listed.length > 0) {
    throw new Error(
      `cannot find a kubeconfig: none of the files in KUBECONFIG exists: ${listed.join(', ')}`,
    );
  }
  return files;
}

function readConfig(file: string): Promise<Kubeconfig> {
  return wrapError(
    `read the kubeconfig ${file}`,
    readFile(file, 'utf8').then(async (text) => rawConfig(await parse(text), file)),
  );
}

/** JSON kubeconfigs need no YAML library. The error of a parser is not passed on: it quotes the text. */
async function parse(text: string): Promise<unknown> {
  const isJson = text.trimStart().startsWith('{');
  try {
    const parsed: unknown = isJson ? JSON.parse(text) : (await import('yaml')).parse(text);
    return parsed;
  } catch {
    throw new Error(`it is not valid ${isJson ? 'JSON' : 'YAML'}`);
  }
}

/** kubectlFor is the kubectl command for the same cluster, used in the commands of the advice. */
export function kubectlFor({ kubeconfig, context }: ConfigFlags): string {
  const flags = [
    kubeconfig === undefined ? '' : ` --kubeconfig ${kubeconfig}`,
    context === undefined ? '' : ` --context ${context}`,
  ];
  return `kubectl${flags.join('')}`;
}
