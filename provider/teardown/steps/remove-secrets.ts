import { CLUSTER } from '../../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../../capi/labels.ts';
import { during } from '../../../lib/errors.ts';
import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { withPresent } from '../../core/teardown/journal.ts';
import { removeObject } from '../held-object.ts';
import { identity, POLL_MS, type Step } from '../step.ts';

/** Certificates, kubeconfig and bootstrap data that Cluster API did not collect. */
export const removeSecrets: Step = {
  name: 'Remove the Secrets of the cluster',
  async run(pass): Promise<Outcome> {
    // Secrets that bear the name of a cluster that we did not make are somebody else's.
    if (!pass.book.journal.gone.some(({ kind }) => kind === CLUSTER.kind)) return done;
    const { management } = pass.deps;
    const { namespace, name } = pass.subject.cluster;
    const type = { apiVersion: 'v1', kind: 'Secret', namespace };
    const labelSelector = `${CLUSTER_NAME_LABEL}=${name}`;
    const { items } = await during(
      `list the Secrets of cluster ${namespace}/${name}`,
      management.list(type, { labelSelector }),
    );
    pass.book.note((journal) => {
      const others = journal.present.filter((one) => !one.startsWith('Secret '));
      return withPresent(journal, [...others, ...items.map(identity)], pass.now());
    });
    if (items.length === 0) return done;
    await Promise.all(items.map((secret) => removeObject(management, secret)));
    return wait('RemovingSecrets', `Waiting for ${items.length} Secrets to go`, POLL_MS);
  },
};
