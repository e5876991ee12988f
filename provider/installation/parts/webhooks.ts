import type { KubeObject } from '../../../lib/core/object.ts';
import { messageOf } from '../../../lib/errors.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { hasStatus } from '../../../lib/kube/errors.ts';
import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import { dryRunBody } from '../../core/installation/dry-run.ts';
import { eachOf, ensureNamespace } from '../apply.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/**
 * webhooks verifies that every webhook answers, with a dry-run create of one object of each kind that the
 * cluster uses.
 */
export const webhooks: Part = {
  name: 'Webhooks',
  needs: ['Providers'],
  async run(scope: Scope): Promise<PartOutcome> {
    const api = await scope.workload();
    await ensureNamespace(api, scope.namespace);
    const bodies = (await scope.clusterObjects()).map(dryRunBody);
    const reasons = (await eachOf(bodies, (body) => attempt(api, body))).flat();
    const silent = reasons.filter(({ answered }) => !answered);
    if (silent.length > 0) {
      return wait('WaitingForWebhooks', silent.map(({ message }) => message).join('; '));
    }
    const refusals = reasons.map(({ message }) => message);
    return doneWith(refusals.length === 0 ? {} : { remark: `Refused: ${refusals.join('; ')}` });
  },
};

interface Problem {
  /**
   * A webhook that denies the request has answered: the name is made up, and the real object may be
   * accepted.
   */
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
