import { describe, expect, it } from '@jest/globals';
import { goVersionOf, isAtLeast, requiredVersion } from './go-mod.ts';

describe('go.mod', () => {
  const goMod = `module x
go 1.26.0
require example.org/one v1.0.0
require (
	example.org/two/v2 v2.3.4 // indirect
	example.org/two v1.9.0
)
replace example.org/three => example.org/three v3.0.0
`;
  it.each([
    ['example.org/one', 'v1.0.0', 'a line of its own'],
    ['example.org/two/v2', 'v2.3.4', 'a block'],
    ['example.org/two', 'v1.9.0', 'not the module whose path goes on'],
  ])('%s is required as %s: %s', (module, version) => {
    expect(requiredVersion(goMod, module)).toBe(version);
  });

  it('reads the Go version', () => {
    expect(goVersionOf(goMod)).toBe('1.26.0');
    expect(() => goVersionOf('module x')).toThrow(/go line/);
  });

  it('refuses a module that is replaced but not required', () => {
    expect(() => requiredVersion(goMod, 'example.org/three')).toThrow(/example.org\/three/);
  });

  it.each([
    ['go1.26.0', '1.26.0', true, 'the same'],
    ['go1.26.8', '1.26.0', true, 'newer patch'],
    ['go1.25.9', '1.26.0', false, 'older minor'],
    ['go1.26', '1.26.1', false, 'no patch is patch zero'],
    ['go2.0', '1.26.1', true, 'newer major'],
    ['go1.27rc1', '1.26.1', true, 'a release candidate'],
    ['devel go1.27-abc', '1.26.1', true, 'built from source'],
  ])('%s is at least %s: %s, %s', (have, want, expected) => {
    expect(isAtLeast(have, want)).toBe(expected);
  });
});
