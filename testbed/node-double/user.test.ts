import { describe, expect, it } from '@jest/globals';
import type { SecurityContext } from './pod.ts';
import { sampleContainer, samplePod } from './sample-pod.ts';
import { canBecome, userOf } from './user.ts';

describe('userOf', () => {
  const table: readonly [string, SecurityContext, SecurityContext, [number, number]][] = [
    ['nothing said', {}, {}, [0, 0]],
    ['the Pod says', { runAsUser: 7, runAsGroup: 8 }, {}, [7, 8]],
    ['the container wins', { runAsUser: 7, runAsGroup: 8 }, { runAsUser: 9 }, [9, 8]],
    ['the group follows the user', {}, { runAsUser: 9 }, [9, 9]],
    ['not root, by its image', { runAsNonRoot: true }, {}, [65532, 65532]],
  ];
  it.each(table)('%s', (_reason, ofPod, ofContainer, [uid, gid]) => {
    const container = sampleContainer({ securityContext: ofContainer });
    expect(userOf(samplePod({ securityContext: ofPod }), container)).toEqual({ uid, gid });
  });

  it('refuses root that must not be root', () => {
    const container = sampleContainer({ securityContext: { runAsUser: 0 } });
    const pod = samplePod({ securityContext: { runAsNonRoot: true } });
    expect(() => userOf(pod, container)).toThrow('has runAsNonRoot and runAsUser 0');
  });
});

describe('canBecome', () => {
  it.each([
    ['root of the machine: anyone', 65532, '         0          0 4294967295\n', true],
    ['root of the machine: root', 0, '         0          0 4294967295\n', true],
    ['a namespace of one user: not another one', 65532, '0 1000 1\n', false],
    ['a namespace of one user: not even itself', 0, '0 1000 1\n', false],
    ['two ranges: within the second', 65532, '0 1000 1\n1 100000 65536\n', true],
    ['two ranges: beyond', 70000, '0 1000 1\n1 100000 65536\n', false],
  ])('%s', (_reason, uid, map, expected) => {
    expect(canBecome(uid, map)).toBe(expected);
  });
});
