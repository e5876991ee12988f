import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../lib/core/object.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { createLogger } from '../lib/log.ts';
import type { Bootstrap } from './bootstrap.ts';
import { runTokenRenewal } from './token-renewal.ts';

const HOUR = 3600;

/** A token that was issued some seconds ago and is valid for an hour. */
function tokenAged(seconds: number): string {
  const iat = Math.floor(Date.now() / 1000) - seconds;
  const claims = Buffer.from(JSON.stringify({ iat, exp: iat + HOUR })).toString('base64url');
  return `x.${claims}.s3cret${seconds}`;
}

function secretWith(token: string): KubeObject {
  const named = { namespace: 'team-a', cluster: 'demo', identity: 'managed-cluster-agent-1' };
  const texts = { endpoint: 'e', 'ca.crt': 'c', token, ...named };
  const data = Object.entries(texts).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', resourceVersion: '5' },
    data: Object.fromEntries(data),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('not asked for'));
}

/** Renews once and returns the requests and writes. */
async function renew(
  token: string,
  kept: string,
): Promise<{
  readonly requests: readonly unknown[];
  readonly patches: readonly unknown[];
  /** The token that the API server issues. */
  readonly fresh: string;
  readonly used: string;
  readonly log: string;
}> {
  const requests: unknown[] = [];
  const patches: unknown[] = [];
  const lines: string[] = [];
  const fresh = tokenAged(0);
  let used = token;
  const none: KubeApi = {
    get: refuse,
    list: refuse,
    create: refuse,
    replace: refuse,
    apply: refuse,
    patch: refuse,
    delete: refuse,
    watch: refuse,
    raw: refuse,
  };
  function raw(method: string, path: string, body?: unknown): Promise<unknown> {
    requests.push([method, path, body]);
    return Promise.resolve({ status: { token: fresh } });
  }
  const local: KubeApi = {
    ...none,
    get: () => Promise.resolve(secretWith(kept)),
    patch: (ref, patch) => {
      patches.push([ref.name, patch]);
      return Promise.resolve(secretWith(kept));
    },
  };
  const bootstrap: Bootstrap = {
    endpoint: 'e',
    authority: 'c',
    token,
    namespace: 'team-a',
    cluster: 'demo',
    identity: 'managed-cluster-agent-1',
  };
  const management = {
    api: { ...none, raw },
    token: () => used,
    renewed: (next: string) => void (used = next),
  };
  const log = createLogger('debug', { write: (line) => void lines.push(line) });
  const end = new AbortController();
  const running = runTokenRenewal({ local, management, bootstrap, log }, end.signal);
  await new Promise((resolve) => setTimeout(resolve, 20));
  end.abort();
  await running;
  return { requests, patches, fresh, used, log: lines.join('') };
}

describe('runTokenRenewal', () => {
  it('renews at a third of the life, for as long again, and keeps the token', async () => {
    const old = tokenAged(HOUR / 3);
    const { requests, patches, fresh, used, log } = await renew(old, old);
    expect(requests).toEqual([
      [
        'POST',
        '/api/v1/namespaces/managed-cluster-agents/serviceaccounts/managed-cluster-agent-1/token',
        expect.objectContaining({ spec: { expirationSeconds: HOUR } }),
      ],
    ]);
    expect(used).toBe(fresh);
    expect(patches).toEqual([
      [
        'managed-cluster-agent-bootstrap',
        {
          metadata: {
            resourceVersion: '5',
            annotations: {
              'managedcluster.io/token-issued': expect.stringMatching(/Z$/),
              'managedcluster.io/token-expires': expect.stringMatching(/Z$/),
            },
          },
          data: { token: Buffer.from(used).toString('base64') },
        },
      ],
    ]);
    expect(log).toContain('token renewed');
    expect(log).not.toContain('s3cret');
  });

  it('leaves a young one alone', async () => {
    const young = tokenAged(HOUR / 3 - 60);
    expect(await renew(young, young)).toMatchObject({ requests: [], patches: [], used: young });
  });

  it('does not write over one that was re-issued meanwhile', async () => {
    expect((await renew(tokenAged(HOUR / 2), tokenAged(1))).patches).toEqual([]);
  });
});
