import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { ProcessName, WorldFile } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { AGENT_NAMESPACE, BOOTSTRAP_SECRET } from '../../lib/apis/agent.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { clientFromFile } from '../../lib/kube/client.ts';

/** worldFile reads it; a test that is run by itself has none. */
export function worldFile(): WorldFile {
  const { WORLD } = process.env;
  if (WORLD === undefined) {
    throw new Error('these tests need a world: run npm run e2e -- --testPathPatterns=<file>');
  }
  return JSON.parse(readFileSync(WORLD, 'utf8')) as WorldFile;
}

/** management is an administrator's client of the management side. */
export function management(): KubeApi {
  return clientFromFile(worldFile().management.kubeconfig);
}

/** workload is an administrator's client of the workload side, whether the link is cut or not. */
export function workload(): KubeApi {
  return clientFromFile(worldFile().workload.kubeconfig);
}

/** killPods ends the containers of all Pods of a site whose `namespace/name` begins so. */
export async function killPods(site: 'm' | 'w', prefix: string): Promise<void> {
  const url = `${worldFile().control}/pods/${site}?prefix=${encodeURIComponent(prefix)}`;
  const answer = await fetch(url, { method: 'POST' });
  if (!answer.ok) throw new Error(`cannot kill ${prefix}: ${await answer.text()}`);
}

/** control acts on a process of the world, for example `control('function', 'kill')`. */
export async function control(
  process: ProcessName | 'link',
  what: 'start' | 'stop' | 'restart' | 'kill' | 'crash' | 'cut' | 'join',
): Promise<void> {
  const answer = await fetch(`${worldFile().control}/${process}/${what}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`cannot ${what} ${process}: ${await answer.text()}`);
}

/** vault keeps the data of a site's etcd under a name, or sets the site back to it. */
export async function vault(
  what: 'backup' | 'restore',
  site: 'm' | 'w',
  name: string,
): Promise<void> {
  const answer = await fetch(`${worldFile().control}/${what}/${site}?name=${name}`, {
    method: 'POST',
  });
  if (!answer.ok) throw new Error(`cannot ${what} site ${site}: ${await answer.text()}`);
}

/** kubectl runs the real one on the management side and gives its output. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const { kubectl: binary, management: site } = worldFile();
  const { stdout } = await promisify(execFile)(binary, ['--kubeconfig', site.kubeconfig, ...args]);
  return stdout;
}

/**
 * forgetAgent takes away who the agent of the workload site works for, as a cluster that is gone would
 * have: the site that stands in for all of them lives on, and the next one must not find another's agent.
 */
export async function forgetAgent(): Promise<void> {
  const namespace = AGENT_NAMESPACE;
  await workload().delete({ apiVersion: 'v1', kind: 'Secret', namespace, name: BOOTSTRAP_SECRET });
}

/** makeNamespace makes a namespace of a test's own. */
export async function makeNamespace(api: KubeApi, name: string): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await api.apply(namespace, { fieldManager: 'e2e' });
}

/** eventually looks at an object until it satisfies a test, and gives it. */
export async function eventually(
  api: KubeApi,
  ref: ObjectRef,
  what: string,
  test: (object: KubeObject) => boolean = () => true,
): Promise<KubeObject> {
  return waitFor({
    what: `${ref.kind} ${ref.name} ${what}`,
    // Nothing here is timed: many clusters that are made at once on two cores take a while.
    timeoutMs: 150_000,
    intervalMs: 200,
    look: async () => {
      const object = await api.get(ref);
      return object !== undefined && test(object) ? object : undefined;
    },
  });
}
