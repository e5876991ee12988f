import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fileIn, readPackage } from './debian-package.ts';

const CONTROL = ['Package: example', 'Version: 1:2.3-4', 'Architecture: all', 'Maintainer: nobody'];

function hasTool(): boolean {
  try {
    execFileSync('dpkg-deb', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// Where there is no dpkg-deb, images get the libraries of the machine.
(hasTool() ? describe : describe.skip)('a package of Debian', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deb-test-'));
    mkdirSync(join(folder, 'root/DEBIAN'), { recursive: true });
    mkdirSync(join(folder, 'root/lib/deep'), { recursive: true });
    writeFileSync(
      join(folder, 'root/DEBIAN/control'),
      `${[...CONTROL, 'Description: an example'].join('\n')}\n`,
    );
    writeFileSync(join(folder, 'root/lib/deep/libx.so.1.0'), 'x');
    symlinkSync('libx.so.1.0', join(folder, 'root/lib/deep/libx.so.1'));
    symlinkSync('deep/libx.so.1', join(folder, 'root/lib/libx.so'));
    const args = ['--build', '--root-owner-group', join(folder, 'root'), join(folder, 'x.deb')];
    execFileSync('dpkg-deb', args, { stdio: 'ignore' });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read with its name, its version and its files, by path or by bytes', async () => {
    const read = await readPackage(join(folder, 'x.deb'));
    expect(read).toMatchObject({ name: 'example', version: '1:2.3-4' });
    expect(read.control).toContain('Description: an example\n');
    expect([...read.files.keys()]).toEqual(['/lib/deep/libx.so.1.0']);
    expect(await readPackage(readFileSync(join(folder, 'x.deb')))).toEqual(read);
  });

  it('gives a file by a link to a link to it, and nothing for a path that it lacks', async () => {
    const packages = [await readPackage(join(folder, 'x.deb'))];
    expect(fileIn(packages, '/lib/libx.so')).toEqual(new Uint8Array(Buffer.from('x')));
    expect(fileIn(packages, '/lib/liby.so')).toBeUndefined();
  });
});
