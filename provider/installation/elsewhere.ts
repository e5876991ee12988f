import { ELSEWHERE_ANNOTATION } from '../../lib/apis/ownership.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { AgentInstallation } from '../../lib/apis/agent-installation.generated.ts';
import type { ProviderDeps } from '../deps.ts';
import { refusedTargetIn } from './target-check.ts';

/**
 * notingElsewhere remembers on the AgentInstallation whether the cluster belongs to another management side, as long as
 * it says so: when it is out of reach later, that must not look like the death of a cluster of this side.
 */
export async function notingElsewhere(
  deps: Pick<ProviderDeps, 'management'>,
  installation: AgentInstallation,
  proof: Promise<string>,
): Promise<string> {
  try {
    const uid = await proof;
    await note(deps, installation, null);
    return uid;
  } catch (error) {
    if (refusedTargetIn(error)?.reason === 'ManagedElsewhere')
      await note(deps, installation, 'true');
    throw error;
  }
}

async function note(
  { management }: Pick<ProviderDeps, 'management'>,
  installation: AgentInstallation,
  value: 'true' | null,
): Promise<void> {
  const { uid, annotations = {} } = installation.metadata;
  if ((annotations[ELSEWHERE_ANNOTATION] ?? null) === value) return;
  const metadata = { uid, annotations: { [ELSEWHERE_ANNOTATION]: value } };
  await wrapError('note whose the cluster is', management.patch(refOf(installation), { metadata }));
}
