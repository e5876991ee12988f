import { clouds } from '../../../capi/clouds/index.ts';
import type { Cloud } from '../../../capi/cloud.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { isNoMatch } from '../../../lib/kube/errors.ts';
import { covers } from '../../../lib/core/subset.ts';
import {
  type CredentialRefusal,
  credentialRefusal,
} from '../../core/installation/credential-refusal.ts';
import {
  emptied,
  firstCredentials,
  mountedSecrets,
  placedCredential,
  type Wanted,
} from '../../core/installation/credentials.ts';
import { servingsOf } from '../../core/installation/webhooks.ts';
import { applied, eachOf, ensureNamespace, FIELD_MANAGER } from '../apply.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import { doneWith, stalled, wait } from '../../../lib/reconcile/outcome.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/** An identity can refer to another one, which refers to Secrets; a longer chain is a cycle. */
const LONGEST_CHAIN = 5;

/** credentials copies the identities that the claim refers to, with their Secrets. */
export const credentials: Part = {
  name: 'Credentials',
  needs: ['ProviderObjects'],
  async run(scope: Scope): Promise<PartOutcome> {
    const { namespace } = scope;
    const { cloud: named, revoked } = scope.installation.spec;
    // Credentials that are changed because the cluster was compromised must not get there again.
    if (revoked === true) {
      return wait(
        'AgentRevoked',
        'No credentials are copied into the cluster until agent.revoked of the claim and spec.revoked of the AgentInstallation are false',
      );
    }
    const { provider, ...identities } = named;
    const cloud: Cloud | undefined = Object.entries(clouds).find(
      ([name]) => name === provider,
    )?.[1];
    if (cloud === undefined) {
      return stalled(
        'UnknownCloud',
        `cloud ${provider} is not supported: use one of ${Object.keys(clouds).join(', ')}`,
      );
    }
    const wanted = firstCredentials(cloud, identities, namespace);
    const found = await followed(scope, cloud, wanted);
    if (found.kind === 'Refused') return wait(found.reason, found.message);
    for (const object of found.objects) {
      // oxlint-disable-next-line no-await-in-loop -- a Secret before the identity that refers to it
      const problem = await place(await scope.workload(), object);
      if (problem !== undefined) return wait('WaitingForIdentityKinds', problem);
    }
    await ensureStartable(scope);
    const none = wanted.length === 0 && cloud.credentials !== undefined;
    return doneWith(
      none
        ? {
            remark:
              'No identity is copied: the providers have only the permissions of the machines that they run on',
          }
        : {},
    );
  },
};

type Found =
  /** Objects come before the objects that refer to them. */
  | { readonly kind: 'Found'; readonly objects: readonly KubeObject[] }
  /** Why the first object that cannot be copied is not. */
  | ({ readonly kind: 'Refused' } & CredentialRefusal);

async function followed(scope: Scope, cloud: Cloud, first: readonly Wanted[]): Promise<Found> {
  const { deps, cluster, namespace } = scope;
  if (first.length === 0) return { kind: 'Found', objects: [] };
  const home = await deps.management.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  let objects: readonly KubeObject[] = [];
  let open = first;
  for (let depth = 0; open.length > 0 && depth < LONGEST_CHAIN; depth += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each one refers to the next
    const found = await eachOf(open, async ({ source, name }) => {
      const object = await deps.management.get(source);
      const usable = usableIn(home, cloud, object);
      const asked = { cloud, source, object, usable, direct: depth === 0 };
      return { name, usable, refusal: credentialRefusal(asked, { namespace, name: cluster }) };
    });
    const [refusal] = found.flatMap((one) => one.refusal ?? []);
    if (refusal !== undefined) return { kind: 'Refused', ...refusal };
    const there = found.flatMap(({ usable, name }) =>
      usable === undefined ? [] : [{ usable, name }],
    );
    objects = [
      ...there.map(({ usable, name }) => placedCredential(cluster, usable, name)),
      ...objects,
    ];
    open = there.flatMap(({ usable }) =>
      (cloud.credentialsNamedBy?.(usable) ?? []).map((source) => ({ source, name: source.name })),
    );
  }
  return { kind: 'Found', objects };
}

function usableIn(
  home: KubeObject | undefined,
  cloud: Cloud,
  object: KubeObject | undefined,
): KubeObject | undefined {
  if (object === undefined || cloud.identityFor === undefined) return object;
  return home === undefined ? undefined : cloud.identityFor(object, home);
}

/** A dry run first, so that a webhook denial leaves nothing half done. */
async function place(api: KubeApi, object: KubeObject): Promise<string | undefined> {
  const { namespace } = object.metadata;
  if (namespace !== undefined) await ensureNamespace(api, namespace);
  try {
    const there = await api.get(refOf(object));
    if (there !== undefined && covers(there, object)) return undefined;
    await api.apply(object, { fieldManager: FIELD_MANAGER, force: true, dryRun: true });
  } catch (error) {
    if (isNoMatch(error)) return `Waiting for the provider to serve ${object.kind}`;
    throw error;
  }
  await applied(api, object);
  return undefined;
}

/** Providers that mount credentials of the management side do not get them, but must be able to start. */
async function ensureStartable(scope: Scope): Promise<void> {
  const api = await scope.workload();
  const { crds, objects } = await scope.providers();
  const servings = servingsOf([...crds, ...objects]);
  const others = mountedSecrets(objects).filter(
    ({ namespace, name }) =>
      !servings.some((serving) => serving.namespace === namespace && serving.secretName === name),
  );
  await eachOf(others, async ({ namespace, name }) => {
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name };
    const [there, source] = await Promise.all([api.get(ref), scope.deps.management.get(ref)]);
    if (there === undefined && source !== undefined) {
      await applied(api, emptied(scope.cluster, source));
    }
  });
}
