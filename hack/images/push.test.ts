import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_ARCHITECTURES } from './architecture.ts';
import { buildImagesOf, type BuiltImage } from './image.ts';
import { pushImage } from './push.ts';
import { startTestingRegistry, type TestingRegistry } from '../testing/registry.ts';

const shared = { name: 'shared', files: [file('/shared', 'the same for all')] };

let folder = '';
let registry: TestingRegistry;
let images: readonly BuiltImage[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'push-test-'));
  registry = await startTestingRegistry();
  const recipes = ['one', 'two', 'both'].map((name) => ({
    name,
    reference: `registry.example/${name}:v1`,
    variants: (name === 'both' ? ALL_ARCHITECTURES : ['amd64' as const]).map((architecture) => ({
      architecture,
      settings: { entrypoint: ['/program'], env: {}, labels: {} },
      layers: [shared, { name, files: [file('/program', name)] }],
    })),
  }));
  images = await buildImagesOf(recipes, { out: folder, store: join(folder, 'store') });
});
afterEach(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an image that is pushed', () => {
  it('is under its tag, with all its blobs', async () => {
    const { digest, uploaded } = await pushImage(aPush('one'));
    expect(digest).toBe(image('one').digest);
    expect(uploaded).toHaveLength(3);
    expect([...registry.manifests.keys()]).toEqual(['own/one:v1']);
  });

  it('is not sent a second time', async () => {
    await pushImage(aPush('one'));
    const before = registry.requests.length;
    const { uploaded } = await pushImage({ ...aPush('one'), tag: 'v2' });
    expect(uploaded).toEqual([]);
    const methods = registry.requests.slice(before).map((request) => request.split(' ')[0]);
    expect(methods).toEqual(['HEAD', 'HEAD', 'HEAD', 'PUT']);
    expect(registry.manifests.get('own/one:v2')).toBe(registry.manifests.get('own/one:v1'));
  });

  it('takes the layers that it shares from another repository', async () => {
    await pushImage(aPush('one'));
    const { uploaded } = await pushImage({ ...aPush('two'), mountFrom: 'own/one' });
    const [common] = image('one').variants[0]?.layers ?? [];
    expect(uploaded).toHaveLength(2);
    expect(uploaded).not.toContain(common?.digest);
    expect(registry.blobs.get('own/two')).toContain(common?.digest);
  });

  it('is an index under its tag when it is for several architectures, with what that names', async () => {
    const { digest, uploaded } = await pushImage(aPush('both'));
    expect(digest).toBe(image('both').digest);
    const names = [...registry.manifests.keys()];
    expect(names.at(-1)).toBe('own/both:v1');
    expect(names.slice(0, -1)).toEqual([
      expect.stringMatching(/^own\/both:sha256:/),
      expect.stringMatching(/^own\/both:sha256:/),
    ]);
    // Two layers that both have, and two configurations.
    expect(uploaded).toHaveLength(4);
  });

  it('fails with the response of the registry', async () => {
    const [layer] = image('one').variants[0]?.layers ?? [];
    const blob = join(image('one').layout, 'blobs', ...(layer?.digest ?? '').split(':'));
    rmSync(blob);
    writeFileSync(blob, 'something else');
    await expect(pushImage(aPush('one'))).rejects.toThrow(/PUT .* answered 400 digest invalid/);
    expect(registry.manifests.size).toBe(0);
  });

  it('must be alone in its layout', async () => {
    writeFileSync(join(image('one').layout, 'index.json'), '{"manifests": []}');
    await expect(pushImage(aPush('one'))).rejects.toThrow('must contain one image, not 0');
  });
});

describe('a registry that asks who is there', () => {
  beforeEach(async () => {
    await registry.close();
    registry = await startTestingRegistry('Bearer token');
  });

  it('is answered with what its challenge asks for', async () => {
    const challenges = new Set<string>();
    async function authorize(challenge: string): Promise<string> {
      challenges.add(challenge);
      return 'Bearer token';
    }
    await pushImage({ ...aPush('one'), authorize });
    expect([...challenges]).toEqual(['Bearer realm="https://token.example"']);
    expect([...registry.manifests.keys()]).toEqual(['own/one:v1']);
  });

  it('ends a push that has no answer, or a wrong one', async () => {
    await expect(pushImage(aPush('one'))).rejects.toThrow('answered 401');
    const wrong = { ...aPush('one'), authorize: () => Promise.resolve('Bearer other') };
    await expect(pushImage(wrong)).rejects.toThrow('answered 401');
  });
});

function aPush(name: string): Parameters<typeof pushImage>[0] {
  const { layout } = image(name);
  return { layout, registry: registry.origin, repository: `own/${name}`, tag: 'v1' };
}

function image(name: string): BuiltImage {
  const found = images.find((built) => built.name === name);
  if (found === undefined) throw new Error(`no image ${name} was built`);
  return found;
}

function file(path: string, text: string) {
  return { path, mode: 0o755, content: Buffer.from(text) };
}
