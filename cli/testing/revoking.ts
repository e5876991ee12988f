import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../lib/core/object.ts';
import {
  type Management,
  managementServer,
  pathOf,
  type Rules,
} from '../../test/fake/management-server.ts';
import { run } from '../run.ts';
import { IDENTITY } from './revocation-scenes.ts';

const opened: (() => Promise<void>)[] = [];

/** closeAll removes what the other functions have opened. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((close) => close()));
}

/** side starts a management side. */
export async function side(there: readonly KubeObject[], rules: Rules = {}): Promise<Management> {
  const started = await managementServer(there, rules);
  opened.push(() => started.server.close());
  return started;
}

/** Told is what a command line came to. */
export interface Told {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** revoke runs the command for `demo`, unless the arguments name a ManagedCluster by its type. */
export async function revoke({ server }: Management, ...args: readonly string[]): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'managed-cluster-cli-'));
  opened.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'config');
  writeFileSync(file, server.kubeconfig);
  const written = { out: '', error: '' };
  const name = args.some((arg) => arg.includes('/')) ? [] : ['demo'];
  const code = await run(
    ['revoke', ...name, '-n', 'team-a', ...args],
    { KUBECONFIG: file },
    {
      out: (text) => (written.out += text),
      error: (text) => (written.error += text),
      terminal: true,
    },
  );
  return { code, ...written };
}

/** identityIn is what is there of the identity of the agent. */
export function identityIn({ objects }: Management): readonly KubeObject[] {
  return IDENTITY.filter((object) => objects.has(pathOf(object)));
}
