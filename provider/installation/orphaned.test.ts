import { describe, expect, it } from '@jest/globals';
import { agentIdentity } from '../../lib/apis/agent.ts';
import { NAMESPACED_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import { COMPOSITE_UID_ANNOTATION, PROVIDER_FINALIZER } from '../../lib/apis/ownership.ts';
import { managementIdentity } from '../core/installation/management-identity.ts';
import { installation, KEY, REF, subject } from '../testing/installation-subject.ts';

describe('an AgentInstallation of a composite', () => {
  it('gets the stamp also if an earlier version has given it the finalizer alone', async () => {
    const composite = { ...NAMESPACED_MANAGED_CLUSTER, name: KEY.name, uid: 'c' };
    const metadata = { ownerReferences: [composite], finalizers: [PROVIDER_FINALIZER, 'other'] };
    const { pass, found } = subject(installation(metadata));
    await pass();
    expect(found()?.metadata).toMatchObject({
      finalizers: [PROVIDER_FINALIZER, 'other'],
      annotations: { [COMPOSITE_UID_ANNOTATION]: 'c' },
    });
  });

  it('takes the identity along when it is deleted, though Kubernetes has orphaned it', async () => {
    const composite = { ...NAMESPACED_MANAGED_CLUSTER, name: KEY.name, uid: 'c' };
    const { management, pass, found } = subject(installation({ ownerReferences: [composite] }));
    await pass();
    const name = agentIdentity({ ...KEY, composite: 'c' });
    expect(management.writes).toContain(`create ServiceAccount ${name}`);

    // As the garbage collector does for propagation policy Orphan.
    await management.api.patch(REF, {
      metadata: { ownerReferences: null, deletionTimestamp: 'now' },
    });
    expect(found()?.metadata.ownerReferences).toBeUndefined();
    await pass();
    const deleted = management.writes.filter((write) => write.startsWith('delete'));
    expect(deleted.toSorted()).toEqual(
      managementIdentity(KEY, [])
        .map(({ kind }) => `delete ${kind} ${name}`)
        .toSorted(),
    );
  });
});
