import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { importsOf, isTestCode, sources } from './boundaries.ts';

/**
 * Every place in which the provider writes, and why what it writes on the management side cannot be an object of
 * somebody else. A name or a label alone is no reason.
 */
const WRITERS: Readonly<Record<string, string>> = {
  'lib/kube/finalizers.ts': 'own kinds: exactly the object that was read, by uid',
  'lib/reconcile/write-status.ts': 'own kinds: status of the object that was read',
  'lib/reconcile/events.ts': 'Events, named after the uid of their object',
  'lib/reconcile/leader-election.ts': 'the Lease of the provider in its own namespace',
  'lib/reconcile/while-leading.ts': 'passes on the writes of others',
  'provider/escrow/escrow.ts': 'creates Secrets; changes and deletes its own sets by uid',
  'provider/forgotten/ask.ts':
    'the Cluster that a composite controls or a Pivot names, by resourceVersion',
  'provider/forgotten/gate.ts': 'a ManagementSide, a kind of ours',
  'provider/handover/keyring.ts':
    'creates the Secret of the keys in the namespace of the provider; never changes one',
  'provider/handover/store.ts':
    'creates records; changes and deletes only Secrets of their type, by uid',
  'provider/installation/apply.ts': 'workload side only',
  'provider/installation/elsewhere.ts': 'the AgentInstallation that was read, by uid',
  'provider/installation/management-mark.ts': 'workload side only',
  'provider/installation/parts/bootstrap.ts': 'workload side; the stamped ServiceAccount by uid',
  'provider/installation/parts/credentials.ts': 'workload side only',
  'provider/installation/parts/kubeconfig.ts':
    'the kubeconfig that the pivot marked for this cluster, by uid and resourceVersion',
  'provider/installation/parts/provider-objects.ts': 'workload side only',
  'provider/installation/parts/webhooks.ts': 'workload side only, a dry run',
  'provider/installation/shut-others.ts': 'workload side only',
  'provider/pivot/anchor.ts':
    'creates it; uses an existing one only with the stamp and our finalizer',
  'provider/pivot/bounded-api.ts': 'passes on the writes of others',
  'provider/pivot/copied-status.ts': 'copies of this attempt, by uid',
  'provider/pivot/copies.ts':
    'creates copies; overwrites only what its verdict says is of this cluster',
  'provider/pivot/fresh-access.ts':
    'workload side; creates the kubeconfig of a cluster that is taken back, never changes one',
  'provider/pivot/keep-secret.ts': 'Secrets in the graph of the Cluster',
  'provider/pivot/preflight.ts': 'a dry run, and a namespace in the workload cluster',
  'provider/pivot/remove-for-good.ts': 'objects in the graph of the Cluster, by uid',
  'provider/pivot/steps/abort/give-source-back.ts': 'the Cluster that the attempt fenced, by epoch',
  'provider/pivot/steps/activate.ts': 'the Cluster that the attempt fenced, tested in the patch',
  'provider/pivot/steps/fence.ts': 'the Cluster that the Pivot names, by resourceVersion',
  'provider/pivot/steps/mark.ts': 'workload side only',
  'provider/pivot/swap-owner.ts': 'objects that the composite or the anchor controls, by uid',
  'provider/trigger-reconcile.ts': 'objects in the graph of the Cluster; CRDs on the workload side',
  'provider/policies/policies.ts': 'own policies, whose names RBAC lists',
  'provider/stamped.ts': 'creates objects with a stamp, and writes only those that have it',
  'provider/teardown/held-object.ts': 'objects that belong to the composite, by uid',
  'provider/teardown/report-store.ts': 'creates reports, and writes only those with a stamp',
  'provider/teardown/steps/settle.ts': 'Pivots, a kind of ours',
  'provider/teardown/steps/ask-first.ts':
    'the Cluster that the provider has paused itself, by resourceVersion',
  'provider/teardown/steps/take-back.ts': 'Pivots, a kind of ours',
  'provider/watches/controller.ts': 'composites, a kind of ours',
};

const WRITE = /\b(?:\w*[aA]pi|management|workload)\s*\.(?:create|apply|replace|patch|delete)\(/;

/** Everything that the provider consists of. */
function ofProvider(): readonly string[] {
  const product = new Set(sources().filter((file) => !isTestCode(file)));
  const found = new Set<string>();
  const open = ['provider/main.ts'];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file) || !product.has(file)) continue;
    found.add(file);
    open.push(...importsOf(file).map(({ to }) => to));
  }
  return [...found].toSorted();
}

function code(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
}

describe('what the provider writes', () => {
  const all = ofProvider();

  it('is searched in all of its files', () => {
    expect(all.filter((file) => file.startsWith('provider/')).length).toBeGreaterThan(100);
  });

  it('has a reason why it is no object of somebody else', () => {
    const writing = all.filter(
      (file) => !file.startsWith('lib/kube/') || file === 'lib/kube/finalizers.ts',
    );
    expect(writing.filter((file) => WRITE.test(code(file)))).toEqual(
      Object.keys(WRITERS).toSorted(),
    );
  });

  it('is never applied over what is there already on the management side', () => {
    const helpers =
      /\b(?:applied|applyMissing|ensureObjects|ensureNamespace)\(\s*[\w.]*management\b/;
    expect(all.filter((file) => helpers.test(code(file)))).toEqual([]);
  });
});
