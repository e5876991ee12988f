import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ALL_ARCHITECTURES, ARCHITECTURES, elfMachineOf, isArchitecture } from './architecture.ts';
import { foreignFiles } from './architecture-check.ts';
import type { Layer } from './layer.ts';

describe('an architecture', () => {
  it('is read from the header of a program', () => {
    const own = ALL_ARCHITECTURES.find((name) => ARCHITECTURES[name].node === process.arch);
    const machine = elfMachineOf(readFileSync(process.execPath));
    expect(machine).toBe(own && ARCHITECTURES[own].elfMachine);
    expect(elfMachineOf(program(183))).toBe(183);
    expect(elfMachineOf(Buffer.from('#!/bin/sh\nexec node /app/main.mjs\n'))).toBeUndefined();
    expect(elfMachineOf(Buffer.from('\x7fELF'))).toBeUndefined();
  });

  it('has a name that Debian, Go and OCI have for it, too', () => {
    expect(['amd64', 'arm64', 'x64', 'toString'].filter(isArchitecture)).toEqual([
      'amd64',
      'arm64',
    ]);
  });

  it('is that of every program and library in the layers of an image', () => {
    const layers = [layerOf('base', [62, 62]), layerOf('node', [62, 183])];
    expect(foreignFiles('amd64', layers)).toEqual(['/node/1 of layer node']);
    expect(foreignFiles('arm64', layers)).toHaveLength(3);
  });
});

function layerOf(name: string, machines: readonly number[]): Layer {
  const text = { path: '/etc/passwd', mode: 0o644, content: Buffer.from('root') };
  const files = machines.map((machine, at) => {
    return { path: `/${name}/${at}`, mode: 0o755, content: program(machine) };
  });
  return { name, files: [...files, text] };
}

/** The header of an ELF file, as far as it is read. */
function program(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header.writeUInt16LE(machine, 18);
  return header;
}
