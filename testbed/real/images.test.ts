import { describe, expect, it } from '@jest/globals';
import { nameOf, nodeImages, registryImages } from './images.ts';

const OF_KUBEADM = [
  'registry.k8s.io/kube-apiserver:v1.36.3',
  'registry.k8s.io/kube-proxy:v1.36.3',
  'registry.k8s.io/coredns/coredns:v1.14.2',
  'registry.k8s.io/pause:3.10.2',
  'registry.k8s.io/etcd:3.6.8-0',
];

describe('the images of nodes', () => {
  it('have the names that kubeadm asks for, so that no claim names a repository', () => {
    const names = nodeImages(OF_KUBEADM).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(OF_KUBEADM.filter((one) => !/proxy/.test(one))));
  });

  it('leave kube-proxy out, which needs more than its program', () => {
    expect(nodeImages(OF_KUBEADM).some(({ name }) => nameOf(name) === 'kube-proxy')).toBe(false);
  });

  it('bear the network of Pods, without which no registry could be asked', () => {
    expect(nodeImages([]).map(({ name }) => nameOf(name))).toEqual(['pod-network']);
  });

  it('are not guessed', () => {
    expect(() => nodeImages(['registry.k8s.io/kube-new:v1'])).toThrow(/kube-new/);
  });
});

describe('the images of the registry', () => {
  it('put a manager where its Deployment calls it', () => {
    const [manager] = registryImages({ 'registry.k8s.io/x/capd-manager:v1': 'capi-dev' });
    expect(manager).toMatchObject({
      binaries: { '/manager': 'capi-dev' },
      entrypoint: ['/manager'],
    });
  });
});

describe('nameOf', () => {
  it.each([
    ['registry.k8s.io/coredns/coredns:v1.14.2', 'coredns'],
    ['pause:3.10', 'pause'],
    ['localhost:5000/a/b:c', 'b'],
  ])('%s is %s', (image, name) => {
    expect(nameOf(image)).toBe(name);
  });
});
