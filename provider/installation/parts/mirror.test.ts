import { describe, expect, it } from '@jest/globals';
import { memorySide } from '../../../test/fake/memory-side.ts';
import { NO_OPTIONS } from '../../../test/fake/provider-options.ts';
import type { Scope } from '../part.ts';
import { agent } from './agent.ts';
import { providerObjects } from './provider-objects.ts';

function scopeWith(imageMirror: string, imageMirrors: readonly string[]) {
  const workload = memorySide([]);
  const allowed = { ...NO_OPTIONS.allowed, imageMirrors };
  const scope = {
    deps: { options: { ...NO_OPTIONS, agentImage: 'ghcr.io/x/agent:1', allowed } },
    cluster: 'demo',
    installation: { spec: { imageMirror } },
    workload: () => Promise.resolve(workload.api),
    providers: () => Promise.resolve({ names: [], crds: [], objects: [], kept: [] }),
    caBundle: () => Promise.resolve(''),
    providersAreQuiet: () => false,
  } as unknown as Scope;
  return { scope, workload };
}

describe('agent and providers', () => {
  it.each([agent, providerObjects])(
    '$name come from no mirror that only the claim names',
    async (part) => {
      const { scope, workload } = scopeWith('attacker.example/x', ['r.example']);

      expect(await part.run(scope)).toMatchObject({ kind: 'Wait', reason: 'MirrorNotAllowed' });
      expect(workload.writes).toEqual([]);
    },
  );

  it('come from a mirror that the administrator allows', async () => {
    const { scope, workload } = scopeWith('r.example/mirror', ['r.example']);
    await agent.run(scope);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'managed-cluster-system' };

    expect(workload.object({ ...ref, name: 'managed-cluster-agent' })).toMatchObject({
      spec: {
        template: { spec: { containers: [{ image: 'r.example/mirror/x/agent:1' }] } },
      },
    });
  });
});
