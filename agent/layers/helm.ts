import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Helm } from '../../lib/apis/cluster-plan.generated.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { kubeconfigDocument, singleKubeconfig } from '../../lib/kube/kubeconfig.ts';
import type { Release } from '../core/inventory.ts';
import { objectsOf } from './stored-release.ts';

/** HelmOptions are the Helm binary, and its user and API server. */
export interface HelmOptions {
  /** Path or name of Helm v3. */
  readonly binary: string;
  /** Folder for Helm's caches; its content is disposable. */
  readonly folder: string;
  /** The connection to the API server, as files that Helm reads. */
  readonly server: () => Promise<string>;
  readonly authorityFile: string;
  readonly tokenFile: string;
  /** User as whom layers are applied. */
  readonly user: string;
  readonly signal: AbortSignal;
}

/** HelmPort is the part of Helm that layers use. */
export type HelmPort = Pick<HelmCli, 'upgrade' | 'rendered' | 'objects' | 'uninstall'>;

/** Timeout of a release including its hooks; Helm does not wait until the Pods are ready. */
const TIMEOUT = '5m';
/** Kills a Helm that hangs beyond its own timeout. */
const KILL_AFTER_MS = 6 * 60_000;
/** Maximum length of the kept output, in characters. */
const LONGEST_OUTPUT = 8 * 1024 * 1024;

/** HelmCli runs the Helm binary. Values are passed on standard input, so that no secret is in a file. */
export class HelmCli {
  readonly #options: HelmOptions;

  constructor(options: HelmOptions) {
    this.#options = options;
  }

  /** Installs or upgrades; first cleans up after an interrupted Helm. */
  async upgrade(api: KubeApi, release: Release, helm: Helm, values: unknown): Promise<void> {
    await forgetPending(api, release);
    const flags = ['--install', '--create-namespace', '--reset-values', '--history-max=3'].concat([
      `--namespace=${release.namespace}`,
      `--timeout=${TIMEOUT}`,
      '--values=-',
      '--output=json',
    ]);
    const args = ['upgrade', ...flags, ...sourceOf(release, helm)];
    await this.#run(args, JSON.stringify(values ?? {}));
  }

  /** The objects that a release would have after an upgrade, without hooks. A dry run. */
  async rendered(release: Release, helm: Helm, values: unknown): Promise<readonly KubeObject[]> {
    // With --validate the chart sees the capabilities of the real API server.
    const flags = ['--validate', '--is-upgrade', '--dry-run=server', '--no-hooks', '--values=-'];
    const args = ['template', ...flags, `--namespace=${release.namespace}`].concat(
      sourceOf(release, helm),
    );
    return objectsOf(await this.#run(args, JSON.stringify(values ?? {})));
  }

  /** The objects of a release, without hooks. */
  async objects({ name, namespace }: Release): Promise<readonly KubeObject[]> {
    return objectsOf(await this.#run(['get', 'manifest', `--namespace=${namespace}`, '--', name]));
  }

  /** Uninstalls a release; one that does not exist is no error. */
  async uninstall({ name, namespace }: Release): Promise<void> {
    const flags = [`--namespace=${namespace}`, '--ignore-not-found', `--timeout=${TIMEOUT}`];
    await this.#run(['uninstall', ...flags, '--', name]);
  }

  async #run(args: readonly string[], stdin = ''): Promise<string> {
    const { binary, folder, signal } = this.#options;
    const kubeconfig = await this.#kubeconfig();
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      HELM_CACHE_HOME: join(folder, 'cache'),
      HELM_CONFIG_HOME: join(folder, 'config'),
      HELM_DATA_HOME: join(folder, 'data'),
      ...proxies(),
    };
    const command = [binary, `--kubeconfig=${kubeconfig}`, ...args];
    return execute(command, { what: args[0] ?? '', env, stdin, signal });
  }

  /** Helm's in-cluster configuration has no impersonation, so Helm gets a kubeconfig without a token. */
  async #kubeconfig(): Promise<string> {
    const { folder, authorityFile, tokenFile, user } = this.#options;
    const server = await this.#options.server();
    const content = kubeconfigDocument(
      singleKubeconfig(
        { name: 'own', value: { server, 'certificate-authority': authorityFile } },
        { name: 'agent', value: { tokenFile, as: user } },
        'own',
      ),
    );
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'kubeconfig');
    await writeFile(path, JSON.stringify(content), { mode: 0o600 });
    return path;
  }
}

/**
 * The version, the repository, and behind `--` what Helm must not read as a flag: the release and its chart. The
 * schema checks the same; a plan may have been written past it.
 */
function sourceOf(release: Release, helm: Helm): readonly string[] {
  const { chart, repository, version, plainHTTP = false } = helm;
  if (repository?.startsWith('http://') === true && !plainHTTP) {
    throw new Error(
      `cannot use the chart repository ${repository}: use https or oci, or set helm.plainHTTP: true for a test`,
    );
  }
  const oci = repository?.startsWith('oci://') === true;
  const source = oci ? `${repository.replace(/\/+$/, '')}/${chart}` : chart;
  const repo = repository === undefined || oci ? [] : [`--repo=${repository}`];
  const plain = plainHTTP ? ['--plain-http'] : [];
  return [`--version=${version}`, ...repo, ...plain, '--', release.name, source];
}

/**
 * A killed Helm leaves a release `pending-…`, which blocks every later upgrade. Only this record is
 * deleted: the next upgrade then continues from the last deployed revision, or adopts the objects of a
 * first installation, and no running object is deleted meanwhile.
 */
async function forgetPending(api: KubeApi, { name, namespace }: Release): Promise<void> {
  const secrets = { apiVersion: 'v1', kind: 'Secret', namespace };
  const labelSelector = `owner=helm,name=${name},status in (pending-install,pending-upgrade,pending-rollback)`;
  const { items } = await api.list(secrets, { labelSelector });
  for (const { metadata } of items) {
    // oxlint-disable-next-line no-await-in-loop -- usually there is at most one
    await api.delete({ ...secrets, name: metadata.name ?? '' });
  }
}

interface Run {
  /** The command of Helm, for messages. */
  readonly what: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly signal: AbortSignal;
}

function execute([command = '', ...args]: readonly string[], run: Run): Promise<string> {
  return new Promise((resolve, reject) => {
    const { what, env, stdin, signal } = run;
    const child = spawn(command, args, { env, signal, timeout: KILL_AFTER_MS });
    const output = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.out = (output.out + text).slice(0, LONGEST_OUTPUT);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.err = (output.err + text).slice(-4000);
    });
    child.on('error', (cause) => reject(new Error(`cannot run helm ${what}`, { cause })));
    child.on('close', (code, killed) => {
      if (code === 0) resolve(output.out);
      else reject(new Error(`cannot run helm ${what}: ${said(output.err, killed)}`));
    });
    child.stdin.on('error', () => undefined); // it may end without reading: its exit code tells
    child.stdin.end(stdin);
  });
}

function said(stderr: string, killed: NodeJS.Signals | null): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('WARNING'));
  if (lines.length > 0) return lines.join(' ').replace(/^Error: /, '');
  return killed === null ? 'no error message' : `killed by ${killed}`;
}

function proxies(): Readonly<Record<string, string>> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
