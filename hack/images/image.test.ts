import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unpackTar } from 'modern-tar';
import type { Architecture } from './architecture.ts';
import { buildImagesOf, type BuiltImage, type ImageRecipe } from './image.ts';
import type { Layer } from './layer.ts';

const shared = layer('shared', 'the same for all');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'images-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('an image', () => {
  it('is a layout in which each descriptor names a blob of that digest and size', async () => {
    const image = await built('one', layer('program', 'hello'));
    expect(read(image.layout, 'oci-layout')).toEqual({ imageLayoutVersion: '1.0.0' });
    const { manifests = [] } = read(image.layout, 'index.json');
    expect(manifests.map((named) => named.digest)).toEqual([image.digest]);
    expect(manifests[0]?.annotations).toEqual({
      'io.containerd.image.name': 'registry.example/one:v1',
      'org.opencontainers.image.ref.name': 'v1',
    });
    const { config, layers = [] } = parsed(checked(image.layout, manifests[0]));
    const { rootfs } = parsed(checked(image.layout, config));
    const contents = layers.map((named) => gunzipSync(checked(image.layout, named)));
    expect(contents.map(digest)).toEqual(rootfs?.diff_ids);
  });

  it('is one tar too, that of `docker save`', async () => {
    const { variants } = await built('one', layer('program', 'hello'));
    const { tarball = '', layers = [] } = variants[0] ?? {};
    const entries = await unpackTar(readFileSync(tarball));
    const files = new Map(
      entries.map(({ header, data }) => [header.name, Buffer.from(data ?? '')]),
    );
    const [saved] = JSON.parse(String(files.get('manifest.json'))) as readonly DockerManifest[];
    expect(saved?.RepoTags).toEqual(['registry.example/one:v1']);
    const { config } = parsed(files.get(saved?.Config ?? ''));
    expect(config).toMatchObject({ Entrypoint: ['/program'] });
    const digests = saved?.Layers.map((path) => digest(files.get(path) ?? Buffer.of()));
    expect(digests).toEqual(layers.map((named) => named.digest));
  });

  it('has the same digest wherever it is built, and keeps nothing of an older one', async () => {
    const first = await built('one', layer('program', 'hello'));
    const elsewhere = await built('one', layer('program', 'hello'), 'elsewhere');
    expect(elsewhere.digest).toBe(first.digest);
    const other = await built('one', layer('program', 'good bye'));
    expect(other.digest).not.toBe(first.digest);
    expect(blobs(other)).toHaveLength(4);
  });

  it('is left alone when it is there, and mended when it is not whole', async () => {
    const lines: string[] = [];
    function say(line: string): void {
      lines.push(line);
    }
    const first = await built('one', layer('program', 'hello'), 'out', say);
    expect([first.written, lines.length]).toEqual([true, 2]);
    const second = await built('one', layer('program', 'hello'), 'out', say);
    expect([second.written, lines.length]).toEqual([false, 2]);
    rmSync(join(first.layout, 'index.json'));
    expect((await built('one', layer('program', 'hello'), 'out', say)).written).toBe(true);
    expect(lines).toHaveLength(2);
  });

  it('shares the bytes of layers with others', async () => {
    const one = await built('one', layer('program', '1'));
    const two = await built('two', layer('program', '2'));
    const common = blobs(one).filter((name) => blobs(two).includes(name));
    expect(common).toEqual([one.variants[0]?.layers[0]?.digest.replace('sha256:', '')]);
    expect(statSync(join(one.layout, 'blobs/sha256', common[0] ?? '')).nlink).toBe(3);
  });
});

describe('an image for several architectures', () => {
  const both = ['amd64', 'arm64'] as const;

  it('is an index of a manifest for each, in one layout', async () => {
    const program = layer('program', 'hello');
    const { layout, digest: root } = await builtFor(both, 'one', program);
    const { manifests: [index] = [] } = read(layout, 'index.json');
    expect(index?.digest).toBe(root);
    const { manifests = [] } = parsed(checked(layout, index));
    expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(both);
    const configs = manifests.map((named) => parsed(checked(layout, named)).config);
    expect(configs.map((named) => parsed(checked(layout, named)).architecture)).toEqual(both);
  });

  it('has a tar for each, and leaves none of another build', async () => {
    const program = layer('program', 'hello');
    await built('one', program);
    expect(tars()).toEqual(['one.tar']);
    const { variants } = await builtFor(both, 'one', program);
    expect(tars()).toEqual(['one-amd64.tar', 'one-arm64.tar']);
    for (const { tarball, architecture } of variants) {
      const entries = await unpackTar(readFileSync(tarball));
      const files = new Map(entries.map(({ header, data }) => [header.name, data ?? []]));
      const saved: unknown = JSON.parse(String(Buffer.from(files.get('manifest.json') ?? [])));
      const [{ Config }] = saved as readonly [DockerManifest];
      expect(parsed(Buffer.from(files.get(Config) ?? [])).architecture).toBe(architecture);
    }
    await built('one', program);
    expect(tars()).toEqual(['one.tar']);
  });
});

function tars(): readonly string[] {
  return readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.tar'));
}

interface Named {
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly architecture: string };
}

/** What the tests read of any document. */
interface Document {
  readonly manifests?: readonly Named[];
  readonly layers?: readonly Named[];
  readonly config?: Named;
  readonly architecture?: string;
  readonly rootfs?: { readonly diff_ids: readonly string[] };
}

interface DockerManifest {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

function built(
  name: string,
  program: Layer,
  out = 'out',
  progress: (line: string) => void = () => undefined,
): Promise<BuiltImage> {
  return builtFor(['amd64'], name, program, { out, progress });
}

async function builtFor(
  architectures: readonly Architecture[],
  name: string,
  program: Layer,
  { out, progress }: { out: string; progress?: (line: string) => void } = { out: 'out' },
): Promise<BuiltImage> {
  const recipe: ImageRecipe = {
    name,
    reference: `registry.example/${name}:v1`,
    variants: architectures.map((architecture) => ({
      architecture,
      settings: { entrypoint: ['/program'], env: {}, labels: {} },
      layers: [shared, program],
    })),
  };
  const store = join(folder, `store-of-${out}`);
  const [image] = await buildImagesOf([recipe], {
    out: join(folder, out),
    store,
    ...(progress && { progress }),
  });
  if (image === undefined) throw new Error('nothing was built');
  return image;
}

function layer(name: string, content: string): Layer {
  return { name, files: [{ path: `/${name}`, mode: 0o755, content: Buffer.from(content) }] };
}

function blobs({ layout }: BuiltImage): readonly string[] {
  return readdirSync(join(layout, 'blobs/sha256'));
}

function checked(layout: string, named: Named | undefined): Buffer {
  if (named === undefined) throw new Error('there is no descriptor');
  const bytes = readFileSync(join(layout, 'blobs', ...named.digest.split(':')));
  expect([digest(bytes), bytes.byteLength]).toEqual([named.digest, named.size]);
  return bytes;
}

function read(layout: string, file: string): Document {
  return parsed(readFileSync(join(layout, file)));
}

function parsed(bytes: Buffer | undefined): Document {
  return JSON.parse(String(bytes)) as Document;
}

function digest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
