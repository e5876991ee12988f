import { expect, it } from '@jest/globals';
import { memorySide } from '../../../test/fake/memory-side.ts';
import type { Scope } from '../part.ts';
import { credentials } from './credentials.ts';

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } };
const ANNOTATIONS = { 'managedcluster.io/usable-by': 'demo' };
const ACCOUNT = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'team', name: 'account', annotations: ANNOTATIONS },
  data: { credentials: 'eA==' },
};

it.each([
  [true, []],
  [false, ['apply Secret account']],
])(
  'credentials that are changed after a cluster was compromised: revoked is %s',
  async (revoked, copied) => {
    const [management, workload] = [memorySide([NAMESPACE, ACCOUNT]), memorySide([])];
    const cloud = { provider: 'gcp', identityRef: { kind: 'Secret', name: 'account' } };
    const scope = {
      deps: { management: management.api },
      namespace: 'team',
      cluster: 'demo',
      installation: { spec: { revoked, cloud } },
      workload: () => Promise.resolve(workload.api),
      providers: () => Promise.resolve({ names: [], crds: [], objects: [], kept: [] }),
    } as unknown as Scope;
    const outcome = await credentials.run(scope);
    // Once as a dry run.
    expect([...new Set(workload.writes)].filter((write) => write.includes('account'))).toEqual(
      copied,
    );
    expect(outcome).toMatchObject(
      revoked ? { kind: 'Wait', reason: 'AgentRevoked' } : { kind: 'Done' },
    );
  },
);
