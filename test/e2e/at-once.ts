import { beforeAll } from '@jest/globals';

/**
 * atOnce begins scenes that have nothing in common all together, when the tests of its `describe` begin:
 * they mostly wait, for controllers and for one another's turn at an API server. What it gives is the end
 * of a scene, for the test of that scene to wait for.
 */
export function atOnce<Scene>(
  scenes: readonly Scene[],
  play: (scene: Scene) => Promise<void>,
): (scene: Scene) => Promise<void> {
  const ends = new Map<Scene, Promise<void>>();
  beforeAll(() => {
    for (const scene of scenes) {
      const end = play(scene);
      // Its test tells of it, which may come to look a good while later.
      end.catch(() => undefined);
      ends.set(scene, end);
    }
  });
  return (scene) => ends.get(scene) ?? Promise.reject(new Error('this scene was not begun'));
}
