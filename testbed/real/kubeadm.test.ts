import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { kubeadmConfig } from './kubeadm.ts';

describe('the configuration of kubeadm', () => {
  const text = kubeadmConfig({ name: 'management', version: 'v1.36.3', address: '172.31.0.201' });
  const documents = parseAllDocuments(text).map((one): unknown => one.toJS());

  it('makes one node that carries everything, and is found under its address', () => {
    expect(documents).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'InitConfiguration',
          localAPIEndpoint: { advertiseAddress: '172.31.0.201', bindPort: 6443 },
          nodeRegistration: expect.objectContaining({ name: 'management', taints: [] }),
        }),
        expect.objectContaining({
          kind: 'ClusterConfiguration',
          kubernetesVersion: 'v1.36.3',
          controlPlaneEndpoint: '172.31.0.201:6443',
        }),
      ]),
    );
  });

  it('leaves the limits of the machine alone', () => {
    expect(documents).toContainEqual(
      expect.objectContaining({ kind: 'KubeProxyConfiguration', conntrack: { maxPerCore: 0 } }),
    );
  });
});
