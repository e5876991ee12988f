import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Helm } from '../../lib/apis/cluster-plan.generated.ts';
import { apiDouble } from '../testing/api-double.ts';
import { HelmCli } from './helm.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helm-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The arguments with which Helm is called. */
async function argsOf(work: (cli: HelmCli) => Promise<unknown>): Promise<string[]> {
  const binary = join(folder, 'helm');
  const script = `#!/bin/sh\ncat >/dev/null\nfor a in "$@"; do echo "$a"; done >${folder}/args\n`;
  await writeFile(binary, script, { mode: 0o700 });
  const cli = new HelmCli({
    binary,
    folder,
    server: () => Promise.resolve('https://x'),
    authorityFile: 'ca',
    tokenFile: 'token',
    user: 'u',
    signal: new AbortController().signal,
  });
  await work(cli);
  return (await readFile(join(folder, 'args'), 'utf8')).trimEnd().split('\n');
}

const EVIL = '--post-renderer=/usr/bin/node';
const HELM: Helm = { chart: EVIL, repository: EVIL, version: EVIL, namespace: EVIL };
const RELEASE = { name: EVIL, namespace: EVIL };

describe('the arguments of Helm', () => {
  const calls: [string, (cli: HelmCli) => Promise<unknown>][] = [
    ['upgrade', (cli) => cli.upgrade(apiDouble().api, RELEASE, HELM, {})],
    ['template', (cli) => cli.rendered(RELEASE, HELM, {})],
    ['get manifest', (cli) => cli.objects(RELEASE)],
    ['uninstall', (cli) => cli.uninstall(RELEASE)],
  ];
  it.each(calls)('nothing in a layer is a flag: %s', async (_command, call) => {
    const args = await argsOf(call);
    const end = args.indexOf('--');
    expect(end).toBeGreaterThan(0);
    expect(args.slice(0, end)).not.toContain(EVIL);
    expect(args.slice(end + 1)).toContain(EVIL);
  });

  it('a repository without TLS is refused, but for tests', async () => {
    const http: Helm = { chart: 'c', repository: 'http://x', version: '1.0.0', namespace: 'n' };
    const release = { name: 'r', namespace: 'n' };
    await expect(argsOf((cli) => cli.rendered(release, http, {}))).rejects.toThrow(
      'cannot use the chart repository http://x: use https or oci',
    );
    const args = await argsOf((cli) => cli.rendered(release, { ...http, plainHTTP: true }, {}));
    expect(args).toContain('--repo=http://x');
  });
});
