import { CLUSTER_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { doneWith } from '../../../lib/reconcile/outcome.ts';
import { BACKDATED_MS, mintServing } from '../../certificates/mint.ts';
import { servingFactsOf } from '../../certificates/read.ts';
import { type ServingFacts, servingNeeded } from '../../core/installation/certificate-rotation.ts';
import { COPIED_KINDS, CRD, PROVIDER_LABEL } from '../../core/installation/provider-copy.ts';
import { type Serving, servingsOf, trustsOnly } from '../../core/installation/webhooks.ts';
import { applied, eachOf, ensureNamespace, inventoryOf } from '../apply.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';
import { caBundleOf, ensureTrust, type Trust } from '../trust.ts';
import { base64, secretText } from '../../../lib/core/secret-data.ts';

const SERVING_DAYS = 90;

/** Time for an API server to observe a new CA bundle everywhere. */
const SPREAD_MS = 5 * 60_000;

/** certificates creates the Secrets with the serving certificates of the provider webhooks. */
export const certificates: Part = {
  name: 'Certificates',
  needs: ['Target'],
  async run(scope: Scope): Promise<PartOutcome> {
    const api = await scope.workload();
    const { crds, objects } = await scope.providers();
    const trust = await ensureTrust(api, scope.cluster, scope.now);
    const servings = servingsOf([...crds, ...objects]);
    const namespaces = [...new Set(servings.map(({ namespace }) => namespace))];
    await eachOf(namespaces, (name) => ensureNamespace(api, name));
    let spread: Promise<boolean> | undefined;
    const at: Renewal = {
      scope,
      api,
      trust,
      trustSpread: () => (spread ??= hasSpread(scope, api, trust)),
    };
    await eachOf(servings, (serving) => ensureServing(serving, at));
    return doneWith({});
  },
};

interface Renewal {
  readonly scope: Scope;
  readonly api: KubeApi;
  readonly trust: Trust;
  readonly trustSpread: () => Promise<boolean>;
}

async function ensureServing(serving: Serving, renewal: Renewal): Promise<void> {
  const { api, trust, scope } = renewal;
  const { namespace, secretName: name, dnsNames, provider } = serving;
  const secret = await api.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  const facts = servingFactsOf(secretText(secret, 'tls.crt') ?? '', trust.authorities);
  if (!(await isNeeded(facts, dnsNames, renewal))) return;
  const pair = await mintServing(trust.signer, dnsNames, { now: scope.now, days: SERVING_DAYS });
  await applied(api, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace,
      labels: { [CLUSTER_LABEL]: scope.cluster, [PROVIDER_LABEL]: provider },
    },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.privateKey) },
  });
}

/** Checks whether trust has spread only if the decision depends on it. */
async function isNeeded(
  facts: ServingFacts | undefined,
  dnsNames: readonly string[],
  { scope, trustSpread }: Renewal,
): Promise<boolean> {
  const now = scope.now.getTime();
  if (servingNeeded(facts, dnsNames, { now, trustSpread: false }) !== undefined) return true;
  if (servingNeeded(facts, dnsNames, { now, trustSpread: true }) === undefined) return false;
  return trustSpread();
}

async function hasSpread({ cluster, now }: Scope, api: KubeApi, trust: Trust): Promise<boolean> {
  if (now.getTime() < trust.since + BACKDATED_MS + SPREAD_MS) return false;
  const webhooks = COPIED_KINDS.filter(({ kind }) => kind.endsWith('WebhookConfiguration'));
  const objects = await inventoryOf(api, [CRD, ...webhooks], cluster);
  return trustsOnly([...objects.values()], caBundleOf(trust));
}
