import { afterAll, describe, expect, it } from '@jest/globals';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { ObjectRef } from '../../../lib/kube/api.ts';
import { eventually } from '../world.ts';
import { management, workload } from './site-clients.ts';
import { INSTALLATION } from './standalone.ts';

const MANAGER: ObjectRef = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'capd-system',
  name: 'capd-controller-manager',
};
const VARIABLE = 'E2E_UPGRADE';
const IMAGE = 'gcr.io/k8s-staging-cluster-api/capd-manager';

/** Providers in the cluster follow those of the management side. */
export function upgrades(): void {
  describe('an upgrade of the management side', () => {
    let before: unknown;

    afterAll(async () => {
      await management.patch(MANAGER, [
        { op: 'replace', path: '/spec/template/spec/containers', value: before },
      ]);
    });

    it('is followed', async () => {
      before = containersOf(await management.get(MANAGER));
      await management.patch(MANAGER, [
        {
          op: 'add',
          path: '/spec/template/spec/containers/0/env',
          value: [{ name: VARIABLE, value: '1' }],
        },
      ]);
      const begin = performance.now();
      const after = await eventually(workload, MANAGER, 'to follow', (object) =>
        JSON.stringify(containersOf(object)).includes(VARIABLE),
      );
      console.log(`followed after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
      expect(after.kind).toBe('Deployment');
    });

    it('is not followed while upgrades are paused', async () => {
      await management.patch(INSTALLATION, { spec: { pauseUpgrades: true } });
      await setImage(`${IMAGE}:next`);
      const installation = await eventually(management, INSTALLATION, 'to say so', (object) =>
        JSON.stringify(object['status']).includes('Upgrades are paused: infrastructure-docker'),
      );
      expect(recordIn(installation, 'status')).toBeDefined();
      expect(imageOf(await workload.get(MANAGER))).not.toBe(`${IMAGE}:next`);
      await management.patch(INSTALLATION, { spec: { pauseUpgrades: false } });
      const after = await eventually(
        workload,
        MANAGER,
        'to follow',
        (object) => imageOf(object) === `${IMAGE}:next`,
      );
      expect(imageOf(after)).toBe(`${IMAGE}:next`);
    });

    it('takes images from a mirror', async () => {
      await management.patch(INSTALLATION, { spec: { imageMirror: 'mirror.example/all' } });
      const after = await eventually(workload, MANAGER, 'to use the mirror', (object) =>
        String(imageOf(object)).startsWith('mirror.example/'),
      );
      expect(imageOf(after)).toBe('mirror.example/all/k8s-staging-cluster-api/capd-manager:next');
      await management.patch(INSTALLATION, { spec: { imageMirror: null } });
    });
  });
}

function setImage(image: string): Promise<KubeObject> {
  return management.patch(MANAGER, [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: image },
  ]);
}

function containersOf(object: KubeObject | undefined): unknown {
  return Object(object?.['spec']).template.spec.containers;
}

function imageOf(object: KubeObject | undefined): unknown {
  const [container] = Object(object?.['spec']).template.spec.containers;
  return container.image;
}
