import { describe, expect, it } from '@jest/globals';
import { packageObjects, productVersion } from '../../provider/package-files.ts';
import { NONROOT } from './runtime.ts';
import { IMAGES, REPOSITORY } from './table.ts';

describe('the images', () => {
  it('are those that the shipped Deployment names, and run as its user', () => {
    const deployment = packageObjects('provider').find(({ kind }) => kind === 'Deployment');
    const [runAsUser, runAsGroup] = NONROOT.split(':').map(Number);
    const container = {
      image: `${REPOSITORY}/provider:${productVersion()}`,
      securityContext: { runAsUser, runAsGroup, readOnlyRootFilesystem: true },
    };
    expect(IMAGES).toHaveProperty('provider');
    expect(deployment).toMatchObject({ spec: { template: { spec: { containers: [container] } } } });
  });
});
