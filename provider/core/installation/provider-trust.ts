import { selects } from '../../../capi/label-selector.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { fullName, listIn, podSpecOf, textIn } from './json.ts';
import { providerOf } from './providers.ts';

/**
 * Witnesses say which namespaces contain providers. The label of an object in a namespace proves nothing,
 * because everybody who may create Deployments there can set it.
 */
export interface Witnesses {
  /** Namespaces that the administrator named; if there are any, nothing else counts. */
  readonly named: readonly string[];
  /** Namespaces with the provider label, which only administrators can set (facts/capi.md 5). */
  readonly namespaces: readonly KubeObject[];
  /** The inventory of clusterctl; empty without clusterctl. */
  readonly inventory: readonly KubeObject[];
}

/** Vouch reports whether objects in a namespace belong to a provider. */
export type Vouch = (namespace: string | undefined, provider: string) => boolean;

/**
 * vouchOf trusts the namespaces that the administrator named, or else those with the provider label. If
 * clusterctl keeps an inventory in any of these, it must also list the provider in this namespace.
 */
export function vouchOf({ named, namespaces, inventory }: Witnesses): Vouch {
  if (named.length > 0) return (namespace = '') => named.includes(namespace);
  const labels = new Map(namespaces.map((object) => [object.metadata.name, providerOf(object)]));
  const listed = inventory.filter(({ metadata }) => labels.has(metadata.namespace));
  return (namespace, provider) => {
    const label = labels.get(namespace);
    if (label === undefined || provider === '') return false;
    if (listed.length === 0) return label === provider;
    return listed.some(
      (object) => object.metadata.namespace === namespace && providerOf(object) === provider,
    );
  };
}

/** trustedObjects returns the objects that belong to providers in trusted namespaces. */
export function trustedObjects(
  objects: readonly KubeObject[],
  vouch: Vouch,
): readonly KubeObject[] {
  const inside = objects.filter((object) => isVouched(object, vouch));
  const accounts = new Set(inside.filter(isDeployment).map(accountOf));
  const bindings = objects.filter(
    (object) =>
      object.kind === 'ClusterRoleBinding' &&
      listIn(object, 'subjects').some((subject) => accounts.has(subjectOf(subject))),
  );
  const roles = rolesOf([...bindings, ...inside], objects);
  const chosen = new Set([...inside, ...bindings, ...roles]);
  return objects.filter((object) => chosen.has(object));
}

/** trustedCrds returns the CRDs whose objects are not converted by a webhook in another namespace. */
export function trustedCrds(crds: readonly KubeObject[], vouch: Vouch): readonly KubeObject[] {
  return crds.filter((crd) => {
    const webhook = recordIn(recordIn(recordIn(crd, 'spec'), 'conversion'), 'webhook');
    const service = recordIn(recordIn(webhook, 'clientConfig'), 'service');
    return service === undefined || vouch(textIn(service, 'namespace'), providerOf(crd));
  });
}

/** strayDeployments returns the names of Deployments with the provider label outside of trusted namespaces. */
export function strayDeployments(
  objects: readonly KubeObject[],
  vouch: Vouch,
): readonly { readonly name: string; readonly provider: string }[] {
  return objects
    .filter((object) => isDeployment(object) && !isVouched(object, vouch))
    .map((object) => ({ name: fullName(object), provider: providerOf(object) }));
}

const WEBHOOKS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

function isVouched(object: KubeObject, vouch: Vouch): boolean {
  const { kind, metadata } = object;
  if (kind === 'Namespace') return vouch(metadata.name, providerOf(object));
  if (WEBHOOKS.includes(kind)) {
    return listIn(object, 'webhooks').every(({ clientConfig }) =>
      vouch(
        textIn(recordIn({ clientConfig }, 'clientConfig')?.['service'], 'namespace'),
        providerOf(object),
      ),
    );
  }
  return metadata.namespace !== undefined && vouch(metadata.namespace, providerOf(object));
}

function isDeployment({ kind }: KubeObject): boolean {
  return kind === 'Deployment';
}

function accountOf(deployment: KubeObject): string {
  const name = textIn(podSpecOf(deployment), 'serviceAccountName') ?? 'default';
  return `ServiceAccount ${deployment.metadata.namespace ?? ''}/${name}`;
}

function subjectOf(subject: unknown): string {
  const [kind, namespace, name] = ['kind', 'namespace', 'name'].map((one) => textIn(subject, one));
  return `${kind} ${namespace}/${name}`;
}

/** The ClusterRoles that bindings refer to, and those that are aggregated into one of them. */
function rolesOf(
  bindings: readonly KubeObject[],
  objects: readonly KubeObject[],
): readonly KubeObject[] {
  const all = objects.filter(({ kind }) => kind === 'ClusterRole');
  const names = bindings.flatMap((binding) => {
    const role = recordIn(binding, 'roleRef');
    return textIn(role, 'kind') === 'ClusterRole' ? [textIn(role, 'name')] : [];
  });
  const bound = all.filter(({ metadata }) => names.includes(metadata.name));
  const selectors = bound.flatMap((role) =>
    listIn(recordIn(role, 'aggregationRule'), 'clusterRoleSelectors'),
  );
  const parts = all.filter(({ metadata }) =>
    selectors.some((selector) => selects(selector, metadata.labels ?? {})),
  );
  return [...bound, ...parts];
}
