import { describe, expect, it } from '@jest/globals';
import { deleteClaim } from '../../world/demo/acts.ts';
import { leftovers, TEARDOWN_REPORT } from '../../world/leftovers.ts';
import { worldContainers } from '../../world/real/machine-engine.ts';
import { MANAGEMENT } from '../../world/real/management.ts';
import { REGISTRY_CONTAINER } from '../../world/real/registry.ts';
import { PATIENCE_MS, type Subject, volumes } from '../subject.ts';
import { docker, management } from '../world.ts';

/** deletion: the claim goes, and all that it has made. */
export function deletion(subject: Subject): void {
  describe('deleted', () => {
    it('leaves no container, no volume and no object', async () => {
      await deleteClaim(subject.theatre(), PATIENCE_MS);
      const containers = await worldContainers(docker());
      expect(containers.toSorted()).toEqual([MANAGEMENT, REGISTRY_CONTAINER].toSorted());
      expect(await volumes()).toEqual(subject.volumesBefore());
      const { name } = subject;
      expect(await leftovers(management(), { cluster: name, except: [TEARDOWN_REPORT] })).toEqual(
        [],
      );
    });
  });
}
