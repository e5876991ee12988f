import { describe, expect, it } from '@jest/globals';
import { requiredVersion } from './go-mod.ts';
import { BINARIES, type BinarySpec } from './table.ts';
import { ownSources, wrapperModule } from './wrapper-module.ts';

const ENTRIES: readonly [string, BinarySpec][] = Object.entries(BINARIES);

describe('the table of binaries', () => {
  const pinned = ENTRIES.flatMap(([name, { module, versionOf = '' }]) =>
    versionOf === '' ? [] : [{ name, module, versionOf }],
  );
  it.each(pinned)('$name: its wrapper module pins it', ({ module, versionOf }) => {
    const { goMod, goSum } = wrapperModule(module);
    expect(requiredVersion(goMod, versionOf)).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(goSum).toContain(`${versionOf} v`);
  });

  const foreign = ENTRIES.filter(([, spec]) => !spec.package.startsWith('./'));
  it.each(foreign)('%s: its package is a tool of the pinned module', (_name, spec) => {
    expect(`${spec.package}/`).toContain(`${spec.versionOf}/`);
    const { goMod } = wrapperModule(spec.module);
    expect(goMod).toMatch(new RegExp(`^(tool|\\t)\\s*${spec.package}$`, 'm'));
  });

  const own = ENTRIES.filter(([, spec]) => spec.package.startsWith('./'));
  it.each(own)('%s: its package is a program of ours', (_name, spec) => {
    const sources = ownSources(wrapperModule(spec.module), spec.package);
    expect(sources.join('\n')).toContain('package main');
  });

  const modules = [...new Set(ENTRIES.map(([, { module }]) => module))];
  it.each(modules)('%s: its programs share what is compiled', (module) => {
    const programs = ENTRIES.filter(([, spec]) => spec.module === module);
    expect(new Set(programs.map(([, spec]) => spec.static === true)).size).toBe(1);
  });
});
