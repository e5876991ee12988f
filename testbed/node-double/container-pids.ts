import { readFileSync } from 'node:fs';

/** ContainerPid is a running container: process 1 of it, as seen from the world. */
export interface ContainerPid {
  readonly pid: number;
  readonly podUid: string;
  readonly container: string;
}

const ROOT = /\/pods\/([^/]+)\/root-([^/]+)$/;

/**
 * containerPids are the running containers of a node double, according to /proc: each is the only
 * child of an `unshare`, whose arguments name the container's root (launch.ts).
 */
export function containerPids(nodeDouble: number): readonly ContainerPid[] {
  return childrenOf(nodeDouble).flatMap((parent) => {
    const found = argumentsOf(parent)
      .map((argument) => ROOT.exec(argument))
      .find((match) => match !== null);
    const [, podUid, container] = found ?? [];
    if (podUid === undefined || container === undefined) return [];
    return childrenOf(parent).map((pid) => ({ pid, podUid, container }));
  });
}

/** A process that has just ended has no children and no arguments. */
function childrenOf(pid: number): readonly number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(/\s+/).filter(Boolean).map(Number);
}

function argumentsOf(pid: number): readonly string[] {
  return read(`/proc/${pid}/cmdline`).split('\0');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
