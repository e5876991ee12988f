import type { KubeObject } from '../../../lib/core/object.ts';
import { mirrorRefusal } from '../../core/installation/image-mirror.ts';
import { COPIED_KINDS } from '../../core/installation/provider-copy.ts';
import { keptSentence, versionsOf } from '../../core/installation/provider-versions.ts';
import { placed, providerOf } from '../../core/installation/providers.ts';
import { applyMissing, eachOf, inventoryOf } from '../apply.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import { idOf } from '../../core/installation/json.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/** providerObjects installs all other objects of the providers, Deployments last. */
export const providerObjects: Part = {
  name: 'ProviderObjects',
  needs: ['ProviderCRDs', 'Certificates'],
  async run(scope: Scope): Promise<PartOutcome> {
    const { cluster, installation } = scope;
    const { imageMirror: mirror } = installation.spec;
    const refusal = mirrorRefusal(mirror, scope.deps.options.allowed.imageMirrors);
    if (refusal !== undefined) return wait('MirrorNotAllowed', refusal);
    const api = await scope.workload();
    const { names, objects, kept } = await scope.providers();
    const placement = { cluster, mirror, caBundle: await scope.caBundle() };
    const wanted = objects.map((object) => {
      // Objects that are kept were already rewritten for the mirror.
      const stays = kept.some(({ name }) => name === providerOf(object));
      return placed(object, stays ? { cluster, caBundle: placement.caBundle } : placement);
    });
    const there = await inventoryOf(api, COPIED_KINDS, cluster);
    for (const wave of waves(wanted)) {
      // oxlint-disable-next-line no-await-in-loop -- referenced objects are applied first
      await applyMissing(api, wave, there);
    }
    if (scope.providersAreQuiet()) await prune(api, [...there.values()], wanted);
    return doneWith({ remark: keptSentence(kept), providers: versionsOf(names, objects) });
  },
};

function waves(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const numbers = [...new Set(COPIED_KINDS.map(({ wave }) => wave))].toSorted((a, b) => a - b);
  return numbers.map((wave) =>
    objects.filter((object) =>
      COPIED_KINDS.some((copied) => copied.kind === object.kind && copied.wave === wave),
    ),
  );
}

/**
 * Deletes objects that an upgrade no longer contains. Namespaces are kept, because everything in them would
 * be deleted.
 */
async function prune(
  api: KubeApi,
  there: readonly KubeObject[],
  wanted: readonly KubeObject[],
): Promise<void> {
  const ids = new Set(wanted.map(idOf));
  const left = there.filter(
    (object) => providerOf(object) !== '' && object.kind !== 'Namespace' && !ids.has(idOf(object)),
  );
  await eachOf(left, (object) => api.delete(refOf(object)));
}
