import type { KubeObject } from '../../../lib/core/object.ts';
import { messageOf } from '../../../lib/errors.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { hasStatus } from '../../../lib/kube/errors.ts';
import { dryRunBody } from '../../core/installation/dry-run.ts';
import { type PartReport, ready, waiting } from '../../core/installation/report.ts';
import { eachOf } from '../each-of.ts';
import type { Part, Scope } from '../part.ts';
import { ensureNamespace } from '../namespace.ts';

/**
 * webhooks proves that every webhook answers, by creating one object of each kind that the cluster
 * uses without keeping it.
 */
export const webhooks: Part = {
  name: 'Webhooks',
  needs: ['Providers'],
  async ensure(scope: Scope): Promise<PartReport> {
    const api = await scope.workload();
    await ensureNamespace(api, scope.namespace);
    const bodies = (await scope.clusterObjects()).map(dryRunBody);
    const reasons = (await eachOf(bodies, (body) => attempt(api, body))).flat();
    const silent = reasons.filter(({ answered }) => !answered);
    if (silent.length > 0) {
      return waiting('WaitingForWebhooks', silent.map(({ message }) => message).join('; '));
    }
    const refusals = reasons.map(({ message }) => message);
    return ready(refusals.length === 0 ? undefined : `Refused: ${refusals.join('; ')}`);
  },
};

interface Problem {
  /** A webhook that refuses has answered: the name is made up, the real object may be let in. */
  readonly answered: boolean;
  readonly message: string;
}

async function attempt(api: KubeApi, body: KubeObject): Promise<readonly Problem[]> {
  try {
    await api.create(body, { dryRun: true });
    return [];
  } catch (error) {
    const answered = [400, 403, 422].some((code) => hasStatus(error, code));
    return [{ answered, message: `${body.kind}: ${messageOf(error)}` }];
  }
}
