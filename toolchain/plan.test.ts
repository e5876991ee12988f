import { describe, expect, it } from '@jest/globals';
import { announcement, buildArguments, planBuild, turnLine, type BuildInputs } from './plan.ts';
import { BINARIES, linkerFlags } from './table.ts';

describe('the plan of a build', () => {
  const inputs: BuildInputs = {
    name: 'kubectl',
    spec: { ...BINARIES.kubectl, static: false },
    module: { folder: '/m', goMod: 'go 1.26\nrequire k8s.io/kubernetes v1.36.3\n', goSum: 'sum' },
    sources: ['main.go', 'package main'],
    target: { GOVERSION: 'go1.26.8', GOOS: 'linux', GOARCH: 'amd64' },
    folder: '/cache/bin',
  };
  const { path } = planBuild(inputs);

  it('names the file by name and key', () => {
    expect(path).toMatch(/^\/cache\/bin\/kubectl-[0-9a-f]{16}$/);
    expect(planBuild({ ...inputs }).path).toBe(path);
  });

  it.each<[string, Partial<BuildInputs>]>([
    ['go.mod', { module: { ...inputs.module, goMod: `${inputs.module.goMod}\n` } }],
    ['go.sum', { module: { ...inputs.module, goSum: 'other' } }],
    ['own sources', { sources: ['main.go', 'package main // changed'] }],
    ['the name of a source', { sources: ['other.go', 'package main'] }],
    ['linker flags', { spec: { ...inputs.spec, stamps: [] } }],
    ['package', { spec: { ...inputs.spec, package: './other' } }],
    ['the Go version', { target: { ...inputs.target, GOVERSION: 'go1.27.0' } }],
    ['the platform', { target: { ...inputs.target, GOARCH: 'arm64' } }],
    ['the use of a C library', { spec: { ...inputs.spec, static: true } }],
  ])('makes another file when %s changes', (_reason, change) => {
    expect(planBuild({ ...inputs, ...change }).path).not.toBe(path);
  });

  it('makes the same file when only an estimate changes', () => {
    const spec = { ...inputs.spec, coldSeconds: 1 };
    expect(planBuild({ ...inputs, spec }).path).toBe(path);
  });

  it('leaves the C library out of what goes into images', () => {
    const spec = { ...inputs.spec, static: true };
    expect(planBuild({ ...inputs, spec }).variables).toEqual({ CGO_ENABLED: '0' });
    expect(planBuild(inputs).variables).toEqual({});
  });

  it('builds for another machine, beside what is for this one', () => {
    const spec = { ...inputs.spec, static: true };
    const here = planBuild({ ...inputs, spec });
    expect(planBuild({ ...inputs, spec, architecture: 'amd64' })).toEqual(here);
    const there = planBuild({ ...inputs, spec, architecture: 'arm64' });
    expect(there.variables).toEqual({ CGO_ENABLED: '0', GOARCH: 'arm64' });
    expect(there.path).toMatch(/^\/cache\/bin\/kubectl-arm64-[0-9a-f]{16}$/);
    expect(() => planBuild({ ...inputs, architecture: 'arm64' })).toThrow('needs a C library');
  });

  it('stamps the version of go.mod', () => {
    const args = buildArguments(planBuild(inputs), '/out');
    expect(args).toEqual(
      ['-mod=readonly', '-buildvcs=false', '-trimpath', '-ldflags', expect.any(String)].concat([
        '-o',
        '/out',
        inputs.spec.package,
      ]),
    );
    expect(args[4]).toMatch(
      /^-s -w -X \S+gitVersion=v1\.36\.3 -X \S+gitMajor=1 -X \S+gitMinor=36 /,
    );
  });

  it('does not stamp an invalid version', () => {
    expect(() => linkerFlags([], 'main')).toThrow(/main/);
  });

  it('has a progress message with an estimate', () => {
    const build = planBuild(inputs);
    expect(turnLine(build, 1, 9)).toBe('building kubectl v1.36.3 (1 of 9, up to 1 min) …');
    const slow = { ...build, spec: { ...inputs.spec, coldSeconds: 395 } };
    expect(announcement([slow, slow], '/cache/bin', 69.9e9)).toBe(
      'building 2 binaries into /cache/bin (only once): with empty Go caches this takes up to 14 min on two cores and 12 GB of disk (69 GB are free), otherwise seconds',
    );
  });
});
