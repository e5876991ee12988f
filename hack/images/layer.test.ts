import { describe, expect, it } from '@jest/globals';
import { unpackTar } from 'modern-tar';
import { packLayer, type LayerFile } from './layer.ts';

const program = file('/app/deep/main.mjs', 'program');
const passwd = file('/etc/passwd', 'root:x:0:0::/:');

describe('a layer', () => {
  it('holds files and the folders above them, owned by root, without a time', async () => {
    const layer = { name: 'l', files: [passwd, program], folders: { '/tmp': 0o1777 } };
    const entries = await unpackTar(await packLayer(layer));
    expect(entries.map(({ header }) => [header.name, header.mode?.toString(8)])).toEqual([
      ['app/', '755'],
      ['app/deep/', '755'],
      ['app/deep/main.mjs', '644'],
      ['etc/', '755'],
      ['etc/passwd', '644'],
      ['tmp/', '1777'],
    ]);
    for (const { header } of entries) {
      expect(header).toMatchObject({ uid: 0, gid: 0, mtime: new Date(0) });
    }
    expect(Buffer.from(entries[2]?.data ?? '').toString()).toBe('program');
  });

  it('has the same bytes whatever the order of its files', async () => {
    const one = await packLayer({ name: 'l', files: [passwd, program] });
    const other = await packLayer({ name: 'l', files: [program, passwd] });
    expect(Buffer.from(one).equals(other)).toBe(true);
  });

  it('refuses two files of one path, and a path that is not absolute', async () => {
    await expect(packLayer({ name: 'l', files: [passwd, passwd] })).rejects.toThrow(
      'duplicate entries etc/passwd',
    );
    await expect(packLayer({ name: 'l', files: [file('etc/x', '')] })).rejects.toThrow('absolute');
  });
});

function file(path: string, text: string): LayerFile {
  return { path, mode: 0o644, content: Buffer.from(text) };
}
