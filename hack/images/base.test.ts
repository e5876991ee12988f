import { describe, expect, it } from '@jest/globals';
import { ALL_ARCHITECTURES, ARCHITECTURES } from './architecture.ts';
import { debianBase } from './base.ts';
import { debianPins } from './debian.ts';
import type { DebianPackage } from './debian-package.ts';

describe('the base of an image', () => {
  it.each(ALL_ARCHITECTURES)('holds the libraries of Debian where %s looks for them', (name) => {
    const { loader, triplet } = ARCHITECTURES[name];
    const { layer } = debianBase(name, packagesFor(name));
    const found = new Map(layer.files.map(({ path, content }) => [path, String(content)]));
    expect(found.get(loader)).toBe('the loader');
    expect(found.get(`/lib/${triplet}/libc.so.6`)).toBe('libc.so.6');
    expect(found.get(`/usr/lib/${triplet}/libstdc++.so.6`)).toBe('the newest');
  });

  it('lists its packages for scanners and in the label', () => {
    const { layer, libraries } = debianBase('arm64', packagesFor('arm64'));
    const found = new Map(layer.files.map(({ path, content }) => [path, String(content)]));
    expect(found.get('/etc/os-release')).toContain('ID=debian\n');
    expect(found.get('/var/lib/dpkg/status.d/libc6')).toBe('Package: libc6\n');
    expect(found.get('/usr/share/doc/libc6/copyright')).toBe('LGPL');
    for (const { name, version, sha256 } of debianPins('arm64')) {
      expect(libraries).toContain(`${name}=${version} sha256:${sha256}`);
    }
  });

  it('has all authorities in one file, whatever the order of their files', () => {
    const { layer } = debianBase('amd64', packagesFor('amd64'));
    const bundle = layer.files.find(({ path }) => path.endsWith('/ca-certificates.crt'));
    expect(String(bundle?.content)).toBe('-- A --\n-- B --\n');
  });

  it('names the library that the packages lack', () => {
    const packages = packagesFor('amd64').filter(({ name }) => name !== 'libstdc++6');
    expect(() => debianBase('amd64', packages)).toThrow(/no .*libstdc\+\+\.so\.6/);
  });
});

describe('the packages of the base', () => {
  it('are the same ones for every architecture, each with its hash', () => {
    const [first, ...others] = ALL_ARCHITECTURES.map((name) =>
      debianPins(name).map((pin) => `${pin.name} ${pin.version}`),
    );
    expect(first).toHaveLength(5);
    for (const other of others) expect(other).toEqual(first);
    for (const { sha256 } of ALL_ARCHITECTURES.flatMap(debianPins)) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});

/** Packages laid out as those of Debian 12. */
function packagesFor(name: keyof typeof ARCHITECTURES): readonly DebianPackage[] {
  const { triplet, loader } = ARCHITECTURES[name];
  const [lib, usr] = [`/lib/${triplet}`, `/usr/lib/${triplet}`];
  const own = `${lib}/${loader.split('/').at(-1) ?? ''}`;
  const glibc = ['c', 'dl', 'm', 'nss_dns', 'nss_files', 'pthread', 'resolv', 'rt'].map((part) => {
    const file = `lib${part}.so.${{ c: 6, m: 6, pthread: 0, rt: 1 }[part] ?? 2}`;
    return [`${lib}/${file}`, file] as const;
  });
  const licence = ['/usr/share/doc/libc6/copyright', 'LGPL'] as const;
  return [
    aPackage('libc6', [...glibc, [own, 'the loader'], licence], [[loader, own]]),
    aPackage('libgcc-s1', [[`${lib}/libgcc_s.so.1`, '']]),
    aPackage(
      'libstdc++6',
      [[`${usr}/libstdc++.so.6.0.30`, 'the newest']],
      [[`${usr}/libstdc++.so.6`, `${usr}/libstdc++.so.6.0.30`]],
    ),
    aPackage('ca-certificates', [
      ['/usr/share/ca-certificates/mozilla/B.crt', '-- B --\n'],
      ['/usr/share/ca-certificates/mozilla/A.crt', '-- A --'],
    ]),
  ];
}

function aPackage(
  name: string,
  files: readonly (readonly [string, string])[],
  links: readonly (readonly [string, string])[] = [],
): DebianPackage {
  const contents = files.map(([path, text]) => [path, Buffer.from(text)] as const);
  const control = `Package: ${name}\n`;
  return { name, version: '1', control, files: new Map(contents), links: new Map(links) };
}
