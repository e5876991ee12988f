import { describe, expect, it } from '@jest/globals';
import { asReleased, releasedImages } from './releases.ts';

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'capd-controller-manager' },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          {
            name: 'manager',
            image: 'gcr.io/k8s-staging-cluster-api/capd-manager:main',
            imagePullPolicy: 'Always',
            args: ['--leader-elect'],
          },
        ],
      },
    },
  },
};

describe('manifests as a release has them', () => {
  it('name an image that the registry of the world has, and pull it once', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } };
    const { objects } = asReleased({ crds: [], objects: [service, DEPLOYMENT] });
    const [container] = DEPLOYMENT.spec.template.spec.containers;
    expect(objects).toEqual([
      service,
      {
        ...DEPLOYMENT,
        spec: {
          replicas: 1,
          template: {
            spec: {
              containers: [
                { ...container, image: expect.any(String), imagePullPolicy: 'IfNotPresent' },
              ],
            },
          },
        },
      },
    ]);
    const [image] = JSON.stringify(objects).match(/registry\.k8s\.io[^"]+/) ?? [];
    expect(releasedImages()).toHaveProperty([image ?? ''], 'capi-dev');
    expect(image).toMatch(/^registry\.k8s\.io\/cluster-api\/capd-manager:v\d+\.\d+\.\d+$/);
  });
});
