import type { JsonObject } from '../../../lib/core/object.ts';

/** RefusedProfile is the spec of a ClusterProfile that must be refused. */
export interface RefusedProfile {
  readonly reason: string;
  /** What is stored already, for a change. */
  readonly before?: JsonObject;
  readonly spec: JsonObject;
  readonly says: string;
}

const layer = { name: 'cni', type: 'cni', manifests: 'kind: List' };

function profile(version: string, rest: JsonObject = {}): JsonObject {
  return { versions: [{ version, layers: [layer], ...rest }] };
}

/** refusedProfiles are the mistakes in a ClusterProfile that the schema catches. */
export const refusedProfiles: readonly RefusedProfile[] = [
  {
    reason: 'a version with a leading v',
    spec: profile('v1.0.0'),
    says: 'versions[].version is v1.0.0: use a strict semantic version without v, for example 1.2.0',
  },
  {
    reason: 'a version without patch',
    spec: profile('1.0'),
    says: 'use a strict semantic version without v',
  },
  { reason: 'a version with a leading zero', spec: profile('1.02.0'), says: 'use a strict' },
  {
    reason: 'a version twice',
    spec: {
      versions: [
        { version: '1.0.0', layers: [layer] },
        { version: '1.0.0', layers: [layer] },
      ],
    },
    says: 'spec.versions[1]: Duplicate value',
  },
  {
    reason: 'a published version changes',
    before: profile('1.0.0'),
    spec: profile('1.0.0', { layers: [{ ...layer, manifests: 'kind: Other' }] }),
    says: 'versions[1.0.0] is published and cannot be changed, because clusters use it: publish the change as a new version',
  },
  {
    reason: 'the Helm values of a published version change',
    before: profile('1.0.0', { layers: [helm({ mtu: 1450 })] }),
    spec: profile('1.0.0', { layers: [helm({ mtu: 1400 })] }),
    says: 'versions[1.0.0] is published and cannot be changed',
  },
  {
    reason: 'a published version gets one more layer',
    before: profile('1.0.0'),
    spec: profile('1.0.0', { layers: [layer, { ...layer, name: 'more' }] }),
    says: 'versions[1.0.0] is published and cannot be changed',
  },
  {
    reason: 'a sensitive variable with a default',
    spec: profile('1.0.0', { variables: [{ name: 'token', sensitive: true, default: 'x' }] }),
    says: 'variable token: a sensitive variable cannot have a default, remove one of the two',
  },
  {
    reason: 'a required variable with a default',
    spec: profile('1.0.0', { variables: [{ name: 'mtu', required: true, default: '1' }] }),
    says: 'variable mtu: a required variable needs no default, remove one of the two',
  },
  {
    reason: 'a variable that no ${name} can stand for',
    spec: profile('1.0.0', { variables: [{ name: 'pod-mtu' }] }),
    says: 'the name of a variable must consist of letters, digits and underscores, for example pod_mtu',
  },
  {
    reason: 'a layer with manifests and a chart',
    spec: profile('1.0.0', { layers: [{ ...helm({}), manifests: 'kind: List' }] }),
    says: 'layer cni: set exactly one of manifests and helm',
  },
  {
    reason: 'a layer with nothing',
    spec: profile('1.0.0', { layers: [{ name: 'cni', type: 'cni' }] }),
    says: 'layer cni: set exactly one of manifests and helm',
  },
  {
    reason: 'an unknown type of layer',
    spec: profile('1.0.0', { layers: [{ ...layer, type: 'network' }] }),
    says: 'Unsupported value: "network": supported values: "os", "k8s", "cni", "csi", "ccm", "addon"',
  },
  {
    reason: 'an unknown word for what a layer leaves behind',
    spec: profile('1.0.0', { layers: [{ ...layer, prune: 'Nothing' }] }),
    says: 'Unsupported value: "Nothing": supported values: "Safe", "Everything"',
  },
  {
    reason: 'a chart that Helm would read as a flag',
    spec: profile('1.0.0', { layers: [helm({}, { chart: '--post-renderer=/bin/sh' })] }),
    says: 'helm.chart must be the name of a chart, for example cilium',
  },
  {
    reason: 'a version of a chart that Helm would read as a flag',
    spec: profile('1.0.0', { layers: [helm({}, { version: '--repo' })] }),
    says: 'helm.version must be an exact version, for example 1.2.0',
  },
  {
    reason: 'a repository without TLS',
    spec: profile('1.0.0', { layers: [helm({}, { repository: 'http://charts.example' })] }),
    says: 'helm.repository is an http:// URL, over which charts can be replaced: use https or oci, or set helm.plainHTTP: true for a test',
  },
  {
    reason: 'a repository in a file',
    spec: profile('1.0.0', { layers: [helm({}, { repository: 'file:///etc' })] }),
    says: 'helm.repository must be an https or oci URL without a user, for example https://charts.example.com',
  },
  { reason: 'no layers', spec: profile('1.0.0', { layers: [] }), says: 'spec.versions[0].layers' },
];

/** goodProfileChanges are updates of a ClusterProfile that must stay possible. */
export const goodProfileChanges: readonly Omit<RefusedProfile, 'says'>[] = [
  {
    reason: 'nothing changes',
    before: profile('1.0.0', { layers: [helm({ mtu: 1 })] }),
    spec: profile('1.0.0', { layers: [helm({ mtu: 1 })] }),
  },
  {
    reason: 'a version is added',
    before: profile('1.0.0'),
    spec: {
      versions: [
        { version: '1.1.0', layers: [layer] },
        { version: '1.0.0', layers: [layer] },
      ],
    },
  },
  { reason: 'a version is withdrawn', before: profile('1.0.0'), spec: profile('1.1.0') },
];

function helm(values: JsonObject, rest: JsonObject = {}): JsonObject {
  return {
    name: 'cni',
    type: 'cni',
    helm: { chart: 'cilium', version: '1.18.2', namespace: 'kube-system', values, ...rest },
  };
}
