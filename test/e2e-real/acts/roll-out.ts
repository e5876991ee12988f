import { describe, expect, it } from '@jest/globals';
import { nodeImage } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { CONTROL_PLANE_LABEL } from '../../../capi/labels.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { identities, oursRun, PATIENCE_MS, type Subject } from '../subject.ts';
import { docker, management } from '../world.ts';

/** rollOut: a new image for the control plane, on whose nodes those run who carry the roll-out out. */
export function rollOut(subject: Subject): void {
  describe('a roll-out of the control plane', () => {
    it('replaces every node under the agent and Cluster API, which go on with it', async () => {
      const before = await controlPlane(subject);
      const next = `${nodeImage()}-next`;
      await docker()(['tag', nodeImage(), next]);
      await management().patch(subject.claim, [
        { op: 'replace', path: '/spec/controlPlane/machine/image', value: next },
      ]);
      await waitFor({
        what: 'three other control planes, all Ready',
        timeoutMs: 2 * PATIENCE_MS,
        intervalMs: 1000,
        look: async () => {
          const now = await controlPlane(subject);
          const fresh = now.every((one) => !before.includes(one));
          const claim = await management().get(subject.claim);
          const ready = isTrue(claim, 'ControlPlaneReady') && isTrue(claim, 'Operational');
          return fresh && now.length === before.length && ready ? true : undefined;
        },
      });
      const images = await docker()(['ps', '--format', '{{.Image}}']);
      expect(images.split('\n').filter((image) => image === next)).toHaveLength(before.length);
      await oursRun(subject);
      expect(isTrue(await management().get(subject.claim), 'AgentConnected')).toBe(true);
    });
  });
}

async function controlPlane(subject: Subject): Promise<readonly string[]> {
  const machines = await subject.machines();
  return identities(
    machines.filter(({ metadata }) => metadata.labels?.[CONTROL_PLANE_LABEL] !== undefined),
  );
}
