import { describe, expect, it } from '@jest/globals';
import { CLUSTER_PROFILE } from '../../lib/apis/kinds.ts';
import type { ProfileRef } from '../../lib/apis/managed-cluster.generated.ts';
import type { JsonObject, KubeObject } from '../../lib/core/object.ts';
import { resolveProfiles } from './profiles.ts';

function profile(name: string, ...versions: readonly JsonObject[]): KubeObject {
  return { ...CLUSTER_PROFILE, metadata: { name }, spec: { versions } };
}

function layer(name: string, extra: JsonObject = {}): JsonObject {
  return { name, type: 'addon', manifests: `kind: ${name}`, ...extra };
}

function required(...profiles: readonly KubeObject[]) {
  return Object.fromEntries(profiles.map((one) => [`profile/${one.metadata.name}`, [one]]));
}

function ref(name: string, version = '1.0.0', extra: Partial<ProfileRef> = {}): ProfileRef {
  return { name, version, ...extra };
}

const NET = profile(
  'net',
  {
    version: '1.0.0',
    variables: [
      { name: 'mtu', type: 'integer', default: '1450' },
      { name: 'token', sensitive: true },
    ],
    layers: [
      layer('cni', {
        type: 'cni',
        installPriority: 10,
        manifests: '{mtu: ${mtu}, token: "${token}"}',
      }),
      {
        name: 'lb',
        type: 'addon',
        helm: {
          chart: 'lb',
          version: '2.0.0',
          namespace: 'lb',
          values: { mtu: '${mtu}', list: ['${mtu}', 'mtu ${mtu}'] },
        },
      },
    ],
  },
  { version: '2.0.0', layers: [layer('other')] },
);

describe('resolveProfiles', () => {
  it('resolves layers with defaults, variables and where they come from', () => {
    const variables = [{ name: 'token', secretKeyRef: { name: 'vault', key: 't' } }];
    const { layers, problems } = resolveProfiles(
      [ref('net', '1.0.0', { variables })],
      required(NET),
    );
    const secretVariables = [{ name: 'token', secretKeyRef: { name: 'vault', key: 't' } }];

    expect(problems).toEqual([]);
    expect(layers).toEqual([
      {
        name: 'cni',
        type: 'cni',
        installPriority: 10,
        manifests: '{mtu: 1450, token: "${token}"}',
        profile: 'net@1.0.0',
        secretVariables,
      },
      {
        name: 'lb',
        type: 'addon',
        installPriority: 100,
        helm: {
          chart: 'lb',
          version: '2.0.0',
          namespace: 'lb',
          values: { mtu: 1450, list: [1450, 'mtu 1450'] },
        },
        profile: 'net@1.0.0',
      },
    ]);
  });

  it('orders by installPriority, then by claim, then by profile', () => {
    const one = profile('one', {
      version: '1.0.0',
      layers: [layer('a'), layer('b', { installPriority: 5 }), layer('c')],
    });
    const two = profile('two', {
      version: '1.0.0',
      layers: [layer('d', { installPriority: 0 }), layer('e'), layer('f', { installPriority: 5 })],
    });
    const names = resolveProfiles([ref('two'), ref('one')], required(one, two)).layers.map(
      ({ name }) => name,
    );

    expect(names).toEqual(['d', 'f', 'b', 'e', 'a', 'c']);
  });

  it.each([
    {
      reason: 'a profile that is not there',
      refs: [ref('gone')],
      objects: [],
      want: [
        'ProfileNotFound',
        true,
        'spec.profiles[gone]: ClusterProfile gone does not exist: create it, or use one that kubectl get clusterprofiles lists',
      ],
    },
    {
      reason: 'a version that is not there',
      refs: [ref('net', '3.0.0')],
      objects: [NET],
      want: [
        'ProfileVersionNotFound',
        true,
        'spec.profiles[net].version: ClusterProfile net has no version 3.0.0: use one of 1.0.0, 2.0.0',
      ],
    },
    {
      reason: 'a profile without the shape of one',
      refs: [ref('odd')],
      objects: [profile('odd', { version: '1.0.0', layers: [{ name: 'x' }] })],
      want: [
        'InvalidProfile',
        true,
        'spec.profiles[odd]: ClusterProfile odd is invalid, correct it: spec.versions[0].layers[0].type is required',
      ],
    },
    ...[
      {
        what: { chart: '${mtu}', version: '1.0.0', namespace: 'x' },
        mistake: 'helm: ${mtu} is not in a value, but only values may have variables',
      },
      {
        what: { chart: 'x', version: '1.0.0', namespace: 'x', values: { '${mtu}': 1 } },
        mistake: 'helm: ${mtu} is not in a value, but only values may have variables',
      },
    ].map(({ what, mistake }) => ({
      reason: 'a variable that would choose what is installed',
      refs: [ref('odd')],
      objects: [
        profile('odd', {
          version: '1.0.0',
          variables: [{ name: 'mtu', default: '1' }],
          layers: [{ name: 'x', type: 'addon', helm: what }],
        }),
      ],
      want: [
        'InvalidProfile',
        true,
        `spec.profiles[odd]: ClusterProfile odd is invalid, correct it: layer x: ${mistake}`,
      ],
    })),
    {
      reason: 'a wrong variable',
      refs: [ref('net', '1.0.0', { variables: [{ name: 'mtu', value: 'big' }] })],
      objects: [NET],
      want: [
        'InvalidVariables',
        false,
        'spec.profiles[net].variables[mtu] is "big", which is not an integer',
      ],
    },
    {
      reason: 'two layers of one name',
      refs: [ref('net', '2.0.0'), ref('more')],
      objects: [NET, profile('more', { version: '1.0.0', layers: [layer('other')] })],
      want: [
        'InvalidSpec',
        false,
        'spec.profiles: more than one layer is named other (net@2.0.0, more@1.0.0): remove one of the profiles',
      ],
    },
  ])('refuses $reason', ({ refs, objects, want }) => {
    const { problems } = resolveProfiles(refs, required(...objects));

    expect(problems.map(({ reason, awaited, message }) => [reason, awaited, message])).toEqual([
      want,
    ]);
  });

  it('reports all problems at once, in the order of the claim', () => {
    const { problems } = resolveProfiles([ref('gone'), ref('net', '3.0.0')], required(NET));

    expect(problems.map(({ reason }) => reason)).toEqual([
      'ProfileNotFound',
      'ProfileVersionNotFound',
    ]);
  });
});
