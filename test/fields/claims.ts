import { decide as decideInside } from '../../agent/core/decide.ts';
import type { ClusterState } from '../../agent/core/cluster-state.ts';
import { observationOf, running } from '../../agent/testing/cluster-states.ts';
import type { ClusterInput } from '../../capi/cloud.ts';
import { aClaimSpec, PUBLIC_KEY } from '../../capi/testing/clusters.ts';
import { FULLEST, SMALLEST, type CloudName } from '../../capi/testing/claims.ts';
import { CLUSTER_PLAN } from '../../function/core/composed-names.ts';
import { parse } from '../../function/core/claim.ts';
import { decide } from '../../function/core/decide.ts';
import type { Observed } from '../../function/core/observed.ts';
import { IDENTITY } from '../../function/core/identity.ts';
import { profileKey, SSH_KEYS } from '../../function/core/requirements.ts';
import { aScene } from '../../function/testing/scenes.ts';
import { SERVERS_ANNOTATION, USABLE_BY_ANNOTATION } from '../../lib/apis/opt-in.ts';
import { mergePatch } from '../../lib/core/merge-patch.ts';
import { type JsonObject, type KubeObject, isRecord, type Json } from '../../lib/core/object.ts';
import { subjectOf } from '../../provider/core/teardown/subject.ts';
import { aProfile } from './profiles.ts';
import type { Scene } from './unread.ts';

const LABELLED = { metadata: { labels: { a: 'z' } } };

/** What the claims of {@link SMALLEST} and {@link FULLEST} do not write, because it excludes other fields. */
const FURTHER: readonly JsonObject[] = [
  { ssh: { user: 'ops', authorizedKeys: [PUBLIC_KEY] } },
  { ssh: { user: 'ops', secretRef: { name: 'keys' } } },
  { profiles: [{ name: 'base', version: '1.0.0', variables: [{ name: 'mtu', value: '1400' }] }] },
  { profiles: [{ name: 'base', version: '1.0.0', variables: [{ ...secret('password') }] }] },
  { overrides: [{ kind: 'MachineDeployment', nodePool: 'web', patch: LABELLED }] },
  { overrides: [{ kind: 'MachineDeployment', patch: LABELLED }] },
  { agent: { kubeconfigSecretRef: { name: 'way-in', key: 'value' } } },
  {
    cloud: {
      identityRef: { kind: 'AWSClusterStaticIdentity', name: 'a' },
      workloadIdentityRef: { kind: 'AWSClusterStaticIdentity', name: 'b' },
    },
  },
];

function secret(name: string): JsonObject {
  return { name, secretKeyRef: { name: 'passwords', key: 'first' } };
}

const CLOUDS = Object.keys(SMALLEST).filter((name): name is CloudName => name in SMALLEST);

/** claimScenes are claims of all clouds, and all that function, agent and provider make of them. */
export function claimScenes(): readonly Scene<unknown>[] {
  return CLOUDS.flatMap((cloud) => {
    const smallest = aClaimSpec(cloud);
    const fullest = merged(smallest, FULLEST[cloud]);
    const pretended = merged(smallest, { cloud: { docker: { backend: 'inMemory' } } });
    const further = FURTHER.map((patch) => merged(fullest, patch));
    const specs = [fullest, smallest, pretended, ...further];
    return specs.map((spec) => sceneOf(cloud, spec));
  });
}

function merged(spec: JsonObject, patch: JsonObject): JsonObject {
  const result: unknown = mergePatch(spec, patch);
  return isRecord<Json>(result) ? result : spec;
}

function sceneOf(cloud: CloudName, spec: JsonObject): Scene<unknown> {
  const site = siteOf(cloud);
  const before = inputOf(site, spec);
  const state = before && running(before);
  const others = CLOUDS.filter((other) => other !== cloud);
  return {
    spec,
    has: (field) => !others.some((other) => field.startsWith(`cloud.${other}.`)),
    output: (changed): string | undefined => {
      const input = isRecord<Json>(changed) ? inputOf(site, changed) : undefined;
      if (input === undefined || state === undefined || !isRecord<Json>(changed)) return undefined;
      const outside = composed(site, changed);
      if (outside === undefined) return undefined;
      return JSON.stringify([outside, inside(input, state), gone(site, changed)]);
    },
  };
}

/** What the function observes of any claim of a cloud, made once: a claim is tried with hundreds of values. */
function siteOf(cloud: CloudName): Observed {
  const { observed } = aScene('InstallingAgent', cloud)
    .answer(profileKey('base'), aProfile('base'))
    .answer(profileKey('other'), aProfile('other'))
    .answer(SSH_KEYS, keysSecret())
    .answer(IDENTITY, keysSecret());
  return observed;
}

function compositeOf(site: Observed, spec: JsonObject): KubeObject {
  return { ...site.composite, spec };
}

function inputOf(site: Observed, spec: JsonObject): ClusterInput | undefined {
  const parsed = parse(compositeOf(site, spec));
  if (parsed.kind === 'Misshapen') return undefined;
  return {
    ...parsed.target,
    spec: parsed.spec,
    authorizedKeys: parsed.spec.ssh?.authorizedKeys ?? [],
  };
}

/** What the function composes and asks for, but for the copy of the spec in the plan, which proves nothing. */
function composed(site: Observed, spec: JsonObject): unknown {
  const decision = decide({ ...site, composite: compositeOf(site, spec) });
  const accepted = decision.conditions.find(({ type }) => type === 'Accepted');
  if (accepted?.status !== 'True') return undefined;
  const desired = Object.entries(decision.desired).map(([name, object]) =>
    name === CLUSTER_PLAN ? withoutCopy(object) : object,
  );
  return [desired, decision.requirements];
}

/** A Secret that every claim can use, with every server. */
function keysSecret(): KubeObject {
  const annotations = { [USABLE_BY_ANNOTATION]: '*', [SERVERS_ANNOTATION]: '*' };
  const data = { authorizedKeys: Buffer.from(PUBLIC_KEY).toString('base64') };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'keys', namespace: 'team-a', annotations },
    data,
  };
}

function withoutCopy(plan: KubeObject): KubeObject {
  const { cluster: _copy, ...spec } = isRecord(plan['spec']) ? plan['spec'] : {};
  return { ...plan, spec };
}

/** What the agent does: to a cluster as it was before the change, and to one with all pools at an old version. */
function inside(input: ClusterInput, before: ClusterState): unknown {
  return [before, outdated(input)].map((state) => {
    const { actions } = decideInside(observationOf(input, { state }));
    return actions;
  });
}

function outdated(input: ClusterInput): ClusterState {
  const { kubernetes } = input.spec;
  const spec = { ...input.spec, kubernetes: { ...kubernetes, version: 'v1.35.0' } };
  const [now, old] = [running(input), running({ ...input, spec })];
  const { deployments, templates } = old;
  return { ...now, deployments, templates: [...now.templates, ...templates] };
}

/** What Teardown takes from a composite. */
function gone(site: Observed, spec: JsonObject): unknown {
  const { composite: _whole, ...subject } =
    subjectOf(compositeOf(site, spec), undefined, false) ?? {};
  return subject;
}
