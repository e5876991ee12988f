import { decide } from '../../function/core/decide.ts';
import { profileKey } from '../../function/core/requirements.ts';
import { aScene } from '../../function/testing/scenes.ts';
import { CLUSTER_PROFILE } from '../../lib/apis/kinds.ts';
import { type JsonObject, type KubeObject, isRecord, type Json } from '../../lib/core/object.ts';
import type { Scene } from './unread.ts';

/** aProfileSpec is a profile of two versions, with every kind of variable and of layer. */
export function aProfileSpec(): JsonObject {
  const layers = [
    {
      name: 'net',
      type: 'cni',
      installPriority: 10,
      manifests: `${manifest('net')}  mtu: "\${mtu}"\n`,
    },
    {
      name: 'app',
      type: 'addon',
      prune: 'Safe',
      helm: {
        chart: 'app',
        repository: 'https://charts.example.com',
        version: '1.0.0',
        releaseName: 'app',
        namespace: 'apps',
        values: { password: '${password}', token: '${another}', port: '${port}' },
      },
    },
  ];
  const variables = [
    { name: 'mtu', default: '1500', description: 'MTU of Pods.' },
    { name: 'other', default: 'x' },
    { name: 'port', type: 'integer', default: '80' },
    { name: 'password', sensitive: true },
    { name: 'another', sensitive: true },
  ];
  return {
    versions: [
      { version: '1.0.0', variables, layers },
      { version: '2.0.0', variables, layers: layers.slice(0, 1) },
    ],
  };
}

/** aProfile is a ClusterProfile of that spec. */
export function aProfile(name: string, spec: JsonObject = aProfileSpec()): KubeObject {
  return { ...CLUSTER_PROFILE, metadata: { name }, spec };
}

function manifest(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: default\ndata:\n`;
}

/** Claims of the profile: one that gives a value, and one that has the defaults and a secret. */
const CLAIMS: readonly JsonObject[] = [
  { variables: [{ name: 'mtu', value: '1400' }] },
  { variables: [{ name: 'password', secretKeyRef: { name: 'passwords', key: 'first' } }] },
  {},
];

/** profileScenes are profiles with the first of several things written, and the plans that come of them. */
export function profileScenes(): readonly Scene<unknown>[] {
  const { variables, layers } = Object(aProfileSpec())['versions'][0];
  return layers.flatMap((layer: JsonObject) =>
    variables.flatMap((variable: JsonObject) => {
      const rest = { variables: [variable, ...others(variables, variable)] };
      const spec = {
        versions: [{ version: '1.0.0', ...rest, layers: [layer, ...others(layers, layer)] }],
      };
      return CLAIMS.map((claim) => ({ spec, output: (changed: unknown) => plan(changed, claim) }));
    }),
  );
}

function others(all: readonly JsonObject[], one: JsonObject): readonly JsonObject[] {
  return all.filter((other) => other !== one);
}

function plan(spec: unknown, claim: JsonObject): string | undefined {
  if (!isRecord<Json>(spec)) return undefined;
  const profiles = [{ name: 'base', version: '1.0.0', ...claim }];
  const scene = aScene('InstallingAgent')
    .spec({ profiles })
    .answer(profileKey('base'), aProfile('base', spec));
  const { desired, conditions } = decide(scene.observed);
  const accepted = conditions.find(({ type }) => type === 'Accepted');
  // What a claim must write is what these fields are for: that it is refused counts.
  return accepted?.reason === 'InvalidProfile' ? undefined : JSON.stringify([desired, accepted]);
}
