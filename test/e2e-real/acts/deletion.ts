import { describe, expect, it } from '@jest/globals';
import {
  deleteClaim,
  MANAGEMENT,
  REGISTRY_CONTAINER,
  remains,
  worldContainers,
} from '@managed-cluster/testbed';
import { PATIENCE_MS, type Subject, volumes } from '../subject.ts';
import { docker, management } from '../world.ts';

/** deletion: the claim goes, and all that it has made. */
export function deletion(subject: Subject): void {
  describe('deleted', () => {
    it('leaves no container, no volume and no object', async () => {
      await deleteClaim(subject.theatre(), PATIENCE_MS);
      // Those of the world itself are seen, so the others would be too.
      const containers = await worldContainers(docker());
      expect(containers.toSorted()).toEqual([MANAGEMENT, REGISTRY_CONTAINER].toSorted());
      expect(await remains(docker(), management(), subject.name)).toEqual([]);
      expect(await volumes()).toEqual(subject.volumesBefore());
    });
  });
}
