import { describe, expect, it } from '@jest/globals';
import type { Projection, Volume } from './pod.ts';
import { sampleContainer, samplePod, SAMPLE_ADDRESSES } from './sample-pod.ts';
import { bindsOf, filesOf, type FileSources, volumePlan } from './volumes.ts';

describe('volumePlan', () => {
  const table: readonly [string, Volume, ReturnType<typeof volumePlan>][] = [
    ['an empty folder', { name: 'v', emptyDir: {} }, { kind: 'empty' }],
    [
      'a host path',
      { name: 'v', hostPath: { path: '/h' } },
      { kind: 'host', path: '/h', create: false },
    ],
    [
      'a host path to be made',
      { name: 'v', hostPath: { path: '/h', type: 'DirectoryOrCreate' } },
      { kind: 'host', path: '/h', create: true },
    ],
    [
      'a Secret',
      { name: 'v', secret: { secretName: 's' } },
      { kind: 'files', sources: [{ secret: { secretName: 's' } }] },
    ],
    [
      'a projection',
      { name: 'v', projected: { sources: [{ configMap: { name: 'c' } }] } },
      { kind: 'files', sources: [{ configMap: { name: 'c' } }] },
    ],
  ];
  it.each(table)('%s', (_reason, volume, plan) => {
    expect(volumePlan(volume)).toMatchObject(plan);
  });

  it('names a volume that it cannot make', () => {
    expect(() => volumePlan({ name: 'data' })).toThrow('does not support volume "data"');
  });
});

describe('bindsOf', () => {
  const pod = samplePod({
    volumes: [
      { name: 'work', emptyDir: {} },
      { name: 'cert', secret: { secretName: 's' } },
      { name: 'sock', hostPath: { path: '/run/docker.sock' } },
    ],
  });
  const disk = { folder: '/pod/volumes', exists: (path: string) => path !== '/run/docker.sock' };

  it('binds each mount; files of a Secret are read only; an absent host path is left out', () => {
    const volumeMounts = [
      { name: 'work', mountPath: '/work', subPath: 'a/b' },
      { name: 'work', mountPath: '/look', readOnly: true },
      { name: 'cert', mountPath: '/cert' },
      { name: 'sock', mountPath: '/sock' },
    ];
    expect(bindsOf(pod, sampleContainer({ volumeMounts }), disk)).toEqual([
      { source: '/pod/volumes/work/a/b', target: '/work', readOnly: false },
      { source: '/pod/volumes/work', target: '/look', readOnly: true },
      { source: '/pod/volumes/cert', target: '/cert', readOnly: true },
    ]);
  });

  it('binds a host path that is there', () => {
    const volumeMounts = [{ name: 'sock', mountPath: '/sock' }];
    const binds = bindsOf(pod, sampleContainer({ volumeMounts }), { ...disk, exists: () => true });
    expect(binds).toEqual([{ source: '/run/docker.sock', target: '/sock', readOnly: false }]);
  });

  it('names a mount without a volume', () => {
    const container = sampleContainer({ volumeMounts: [{ name: 'no', mountPath: '/no' }] });
    expect(() => bindsOf(pod, container, disk)).toThrow('volume "no" is not defined');
  });
});

describe('filesOf', () => {
  const sources: FileSources = {
    at: SAMPLE_ADDRESSES,
    read: async (kind, name) =>
      `${kind}/${name}` === 'Secret/tls'
        ? { crt: Buffer.from('C'), key: Buffer.from('K') }
        : undefined,
    token: async ({ audience = 'none' }) => `token for ${audience}`,
  };
  const table: readonly [string, Projection, Record<string, string>][] = [
    ['a Secret volume', { secret: { secretName: 'tls' } }, { crt: 'C', key: 'K' }],
    ['a projected Secret', { secret: { name: 'tls' } }, { crt: 'C', key: 'K' }],
    [
      'chosen keys',
      { secret: { name: 'tls', items: [{ key: 'crt', path: 'a/tls.crt' }] } },
      { 'a/tls.crt': 'C' },
    ],
    ['what is optional and missing', { configMap: { name: 'no', optional: true } }, {}],
    [
      'a token',
      { serviceAccountToken: { path: 'token', audience: 'me' } },
      { token: 'token for me' },
    ],
    [
      'the labels, as the downward API writes them',
      { downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      { l: 'app="web"\ntier="front \\"end\\""' },
    ],
  ];
  it.each(table)('%s', async (_reason, projection, expected) => {
    const files = await filesOf(samplePod(), projection, sources);
    const texts = Object.entries(files).map(([path, content]) => [path, content.toString()]);
    expect(Object.fromEntries(texts)).toEqual(expected);
  });

  it.each<[string, Projection, string]>([
    ['Secret', { secret: { secretName: 'no' } }, 'secret "no" not found'],
    ['key', { secret: { name: 'tls', items: [{ key: 'ca', path: 'ca' }] } }, 'has no key ca'],
  ])('a missing %s is a reason to wait', async (_what, projection, message) => {
    await expect(filesOf(samplePod(), projection, sources)).rejects.toMatchObject({
      reason: 'CreateContainerConfigError',
      message: expect.stringContaining(message),
    });
  });
});
