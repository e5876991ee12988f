import { describe, expect, it } from '@jest/globals';
import { deleteClaim } from '../../world/demo/acts.ts';
import { leftovers, TEARDOWN_REPORT } from '../../world/leftovers.ts';
import { MANAGEMENT } from '../../world/real/management.ts';
import { REGISTRY_CONTAINER } from '../../world/real/registry.ts';
import { PATIENCE_MS, type Subject } from '../subject.ts';
import { docker, management } from '../world.ts';

/** deletion: the claim goes, and all that it has made. */
export function deletion(subject: Subject): void {
  describe('deleted', () => {
    it('leaves no container, no volume and no object', async () => {
      await deleteClaim(subject.theatre(), PATIENCE_MS);
      const containers = await docker()(['ps', '--all', '--format', '{{.Names}}']);
      expect(containers.split('\n').toSorted()).toEqual(
        [MANAGEMENT, REGISTRY_CONTAINER].toSorted(),
      );
      const volumes = (await docker()(['volume', 'ls', '--quiet'])).split('\n');
      expect(volumes).toHaveLength(1); // of the management side's node
      const { name } = subject;
      expect(await leftovers(management(), { cluster: name, except: [TEARDOWN_REPORT] })).toEqual(
        [],
      );
    });
  });
}
