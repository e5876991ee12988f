import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ALL_ARCHITECTURES, ARCHITECTURES, elfMachineOf, ownArchitecture } from './architecture.ts';
import { checkedPackage, nodePin, pinnedNode } from './pinned-node.ts';

describe('the Node of an image', () => {
  it('is the one that runs these tests', async () => {
    const { version, path } = await pinnedNode(ownArchitecture(), () => undefined);
    expect(`v${version}`).toBe(process.version);
    const { elfMachine } = ARCHITECTURES[ownArchitecture()];
    expect(elfMachineOf(readFileSync(path))).toBe(elfMachine);
  });

  it.each(ALL_ARCHITECTURES)('is pinned for %s', (name) => {
    expect(nodePin(name)).toEqual({
      package: `node-linux-${ARCHITECTURES[name].node}`,
      version: process.versions.node,
      integrity: expect.stringMatching(/^sha512-/),
    });
  });

  it('is rejected when it differs from the lock file', () => {
    const bytes = Buffer.from('a package');
    const hash = createHash('sha512').update(bytes).digest('base64');
    const pin = { ...nodePin('arm64'), integrity: `sha512-${hash}` };
    expect(checkedPackage(bytes, pin)).toBe(bytes);
    expect(() => checkedPackage(Buffer.from('another'), pin)).toThrow('cannot trust');
  });
});
