import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { librariesIn, sharedLibraries } from './shared-libraries.ts';

describe('the shared libraries of a program', () => {
  it.each([
    {
      on: 'glibc',
      output: `	linux-vdso.so.1 (0x00007fada6470000)
	libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007fada6120000)
	/lib64/ld-linux-x86-64.so.2 (0x00007fada6472000)
`,
      paths: ['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2'],
    },
    {
      on: 'musl, where the loader is the C library too',
      output: `	/lib/ld-musl-x86_64.so.1 (0x7f2a)
	libstdc++.so.6 => /usr/lib/libstdc++.so.6 (0x7f2b)
	libc.musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1 (0x7f2a)
`,
      paths: ['/lib/ld-musl-x86_64.so.1', '/usr/lib/libstdc++.so.6'],
    },
    { on: 'glibc, linked statically', output: '	statically linked\n', paths: [] },
  ])('are read from the ldd of $on', ({ output, paths }) => {
    expect(librariesIn(output)).toEqual(paths);
  });

  it('names a library that is missing', () => {
    expect(() => librariesIn('	libz.so.1 => not found\n')).toThrow('libz.so.1');
  });

  it('are found for the Node that runs this, with a loader', async () => {
    const paths = await sharedLibraries(process.execPath);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    expect(paths.some((path) => /\/ld-[^/]*\.so\.\d+$/.test(path))).toBe(true);
  });
});
