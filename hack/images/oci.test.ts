import { describe, expect, it } from '@jest/globals';
import { blobPath, imageConfig, tagOf, type ImageSettings } from './oci.ts';

describe('the documents of an image', () => {
  const settings: ImageSettings = {
    entrypoint: ['/usr/bin/node', '/app/main.mjs'],
    env: { PATH: '/usr/bin', A: 'b=c' },
    user: '65532:65532',
    labels: { title: 't' },
    platform: { architecture: 'amd64', os: 'linux' },
    created: '1970-01-01T00:00:00.000Z',
  };
  const layers = ['node', 'program'].map((name) => ({
    name,
    mediaType: 'm',
    digest: `sha256:compressed-${name}`,
    diffId: `sha256:${name}`,
    size: 1,
  }));

  it('tell how it is run, and the layers uncompressed, lowest first', () => {
    expect(imageConfig(settings, layers)).toEqual({
      created: '1970-01-01T00:00:00.000Z',
      architecture: 'amd64',
      os: 'linux',
      config: {
        User: '65532:65532',
        Env: ['PATH=/usr/bin', 'A=b=c'],
        Entrypoint: ['/usr/bin/node', '/app/main.mjs'],
        Labels: { title: 't' },
      },
      rootfs: { type: 'layers', diff_ids: ['sha256:node', 'sha256:program'] },
      history: [
        { created: '1970-01-01T00:00:00.000Z', created_by: 'node' },
        { created: '1970-01-01T00:00:00.000Z', created_by: 'program' },
      ],
    });
  });

  it.each([
    ['registry:5000/a/b:v1.2.3', 'v1.2.3'],
    ['registry:5000/a/b', 'latest'],
    ['a', 'latest'],
  ])('%s has the tag %s', (reference, tag) => {
    expect(tagOf(reference)).toBe(tag);
  });

  it('keep a blob under its digest', () => {
    expect(blobPath('sha256:ab')).toBe('blobs/sha256/ab');
  });
});
