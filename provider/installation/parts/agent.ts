import { AGENT_NAME, AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import { agentObjects } from '../../core/installation/agent-objects.ts';
import { imagesOf, mirrorRefusal } from '../../core/installation/image-mirror.ts';
import { labelledFor } from '../../core/installation/provider-copy.ts';
import { unavailable } from '../../core/installation/providers.ts';
import { ensureObjects } from '../apply.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/** agent installs the RBAC rules and the Deployment of the agent in the workload cluster. */
export const agent: Part = {
  name: 'Agent',
  needs: ['Bootstrap'],
  async run(scope: Scope): Promise<PartOutcome> {
    const { imageMirror: mirror, pauseUpgrades } = scope.installation.spec;
    const { allowed } = scope.deps.options;
    const refusal = mirrorRefusal(mirror, allowed.imageMirrors);
    if (refusal !== undefined) return wait('MirrorNotAllowed', refusal);
    const api = await scope.workload();
    const there = await api.get({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: AGENT_NAMESPACE,
      name: AGENT_NAME,
    });
    const kept = pauseUpgrades ? installedImage(there) : undefined;
    const image =
      kept === undefined ? { image: scope.deps.options.agentImage, mirror } : { image: kept };
    const objects = agentObjects(scope.cluster, image).map((object) =>
      labelledFor(scope.cluster, object),
    );
    const applied = await ensureObjects(api, objects);
    const why = unavailable(
      applied.find(({ kind }) => kind === 'Deployment'),
      `${AGENT_NAMESPACE}/${AGENT_NAME}`,
    );
    return why === undefined ? doneWith({}) : wait('WaitingForAgent', why);
  },
};

function installedImage(deployment: KubeObject | undefined): string | undefined {
  return deployment === undefined ? undefined : imagesOf(deployment)[0];
}
