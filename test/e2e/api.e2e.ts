import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CLUSTER_PROFILE,
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
} from '../../lib/apis/kinds.ts';
import type { JsonObject, KubeObject } from '../../lib/core/object.ts';
import { ADOPTERS, asUser, grantAdopters } from './api/adopters.ts';
import { refOf } from './api/attack.ts';
import { attempt, attemptChange, claim, type Target } from './api/attempt.ts';
import { served } from './api/borrowed-crds.ts';
import { goodChanges, goodClaims } from './api/claims.ts';
import { goodProfileChanges, refusedProfiles } from './api/profiles.ts';
import { refusedChanges } from './api/refused-changes.ts';
import { refusedClaims } from './api/refused-claims.ts';
import { refusedDetails } from './api/refused-details.ts';
import { RefusedReport } from './api/refused-report.ts';
import { refusal, sites } from './api/sites.ts';
import { objectsIn } from '../../lib/program/manifests.ts';

const { management: api, folder } = sites();
const NAMESPACE = 'e2e-api';
const NAMESPACE_REF = { apiVersion: 'v1', kind: 'Namespace', name: NAMESPACE };
const NAME = 'tried';
const report = new RefusedReport();
const targets: readonly Target[] = [
  { title: 'claim', type: MANAGED_CLUSTER_CLAIM, namespace: NAMESPACE },
  { title: 'namespaced composite', type: NAMESPACED_MANAGED_CLUSTER, namespace: NAMESPACE },
];

beforeAll(async () => {
  // Tests that run before may have needed a world without one of them.
  for (const crd of objectsIn('package/crds')) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is quick enough
    await api.apply(crd, { fieldManager: 'e2e', force: true });
    // oxlint-disable-next-line no-await-in-loop -- one after the other is quick enough
    await served(api, refOf(crd));
  }
  await api.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    { fieldManager: 'e2e' },
  );
  await grantAdopters(api, NAMESPACE);
});

afterAll(async () => {
  await api.delete(NAMESPACE_REF);
  report.write(join(folder, 'refused-claims.md'));
});

describe.each(targets)('$title', (target) => {
  it.each(goodClaims)('takes $example: $reason', async ({ example, change }) => {
    await expect(attempt(api, claim(target, NAME, example, change))).resolves.toBeDefined();
  });

  it.each(goodChanges)('takes a change: $reason', async ({ example, before, change }) => {
    const stored = claim(target, NAME, example, before);
    const changed = claim(target, NAME, example, before, change);
    await expect(attemptChange(api, stored, changed)).resolves.toBeUndefined();
  });

  it.each([...refusedClaims, ...refusedDetails])(
    'refuses $example: $reason',
    async ({ reason, example, change, says }) => {
      const message = await refusal(attempt(api, claim(target, NAME, example, change)));
      report.add('ManagedCluster, creation', `${example}: ${reason}`, message);
      expect(message).toContain(says);
    },
  );

  it.each(refusedChanges)(
    'refuses a change of $example: $reason',
    async ({ reason, example, before, change, says }) => {
      const stored = claim(target, NAME, example, before);
      const changed = claim(target, NAME, example, before, change);
      const message = await refusal(attemptChange(api, stored, changed));
      report.add('ManagedCluster, change', `${example}: ${reason}`, message);
      expect(message).toContain(says);
    },
  );

  it.each([
    ['longer than 40 characters', 'a'.repeat(41)],
    ['a dot', 'a.b'],
    ['a digit in front', '1a'],
  ])('refuses a name with %s', async (reason, name) => {
    const message = await refusal(attempt(api, claim(target, name, 'dev')));
    report.add('ManagedCluster, creation', `name: ${reason}`, message);
    expect(message).toContain(
      `metadata.name is ${name}: machines are named after it, use at most 40 lower-case letters, digits and dashes, starting with a letter`,
    );
  });

  it('lets only those adopt who have the verb for it', async () => {
    const adopts = { adoptFrom: 'old', agent: { kubeconfigSecretRef: { name: 'way-in' } } };
    const [editor, adopter] = [ADOPTERS.editor, ADOPTERS.adopter].map(asUser);
    await expect(attempt(editor!, claim(target, NAME, 'dev'))).resolves.toBeDefined();
    await expect(attempt(adopter!, claim(target, NAME, 'dev', adopts))).resolves.toBeDefined();
    const message = await refusal(attempt(editor!, claim(target, NAME, 'dev', adopts)));
    report.add('ManagedCluster, creation', 'adoption by somebody who may not', message);
    expect(message).toContain(
      `spec.adoptFrom of ${target.type.kind} ${NAME}, and with it the kubeconfig and the cloud, is set only by who has the verb adopt on clusters.m.managedcluster.io`,
    );
  });

  it('refuses a pool whose machines would have too long names', async () => {
    const change = { nodePools: [{ name: 'p'.repeat(30), replicas: 1 }] };
    const message = await refusal(attempt(api, claim(target, 'c'.repeat(33), 'dev', change)));
    report.add('ManagedCluster, creation', 'cluster and pool are together too long', message);
    expect(message).toContain('together are longer than 62 characters: shorten one of them');
  });
});

function profile(spec: JsonObject): KubeObject {
  return { ...CLUSTER_PROFILE, metadata: { name: 'e2e-api' }, spec };
}

async function write({ before, spec }: { before?: JsonObject; spec: JsonObject }): Promise<void> {
  if (before === undefined) await api.create(profile(spec), { dryRun: true });
  else await attemptChange(api, profile(before), profile(spec));
}

describe('ClusterProfile', () => {
  it.each(goodProfileChanges)('takes a change: $reason', async (row) => {
    await expect(write(row)).resolves.toBeUndefined();
  });

  it.each(refusedProfiles)('refuses: $reason', async ({ reason, says, ...row }) => {
    const message = await refusal(write(row));
    report.add('ClusterProfile', reason, message);
    expect(message).toContain(says);
  });
});
