import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** SystemCommands are commands with their Debian packages. */
export type SystemCommands = Readonly<Record<string, string>>;

/** MachineFacts are the input of the preconditions. */
export interface MachineFacts {
  readonly platform: string;
  /** Of `go` and {@link SYSTEM_COMMANDS}, those that are not on the PATH. */
  readonly missingCommands: readonly string[];
  /** Whether this process has full privileges on the machine. */
  readonly root: boolean;
}

/** Needs are the additional requirements of one kind of world. */
export interface Needs {
  readonly commands: SystemCommands;
  /** Whether only root can run it. */
  readonly root: boolean;
}

/** NOTHING_MORE is for a world without additional requirements. */
export const NOTHING_MORE: Needs = { commands: {}, root: false };

/** Commands that every world calls. */
const SYSTEM_COMMANDS: SystemCommands = {
  ip: 'iproute2',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  chroot: 'coreutils',
  sh: 'dash',
};

const MISSING_GO =
  'Go is missing; it is needed to build the programs of the world: install it from https://go.dev/dl and put it on the PATH';

const MISSING_ROOT = 'real nodes need root for the container engine: run the command with sudo';

/** PATH with the folders of system commands, which Debian leaves out of a user's PATH. */
export function pathWithSystemCommands(path: string): string {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const missing = ['/usr/sbin', '/sbin'].filter((folder) => !folders.includes(folder));
  return [...folders, ...missing].join(delimiter);
}

/** Collects the facts about this machine. */
export function machineFacts({ commands }: Needs = NOTHING_MORE): MachineFacts {
  const wanted = ['go', ...Object.keys(SYSTEM_COMMANDS), ...Object.keys(commands)];
  return {
    platform: process.platform,
    root: process.getuid?.() === 0,
    missingCommands: wanted.filter((command) => !onPath(command)),
  };
}

/** The missing preconditions, as sentences that say how to install them; empty when nothing is missing. */
export function missingPreconditions(
  facts: MachineFacts,
  needs: Needs = NOTHING_MORE,
): readonly string[] {
  if (facts.platform !== 'linux') {
    return [
      `the world needs Linux (network namespaces), but this is ${facts.platform}: use a Linux VM`,
    ];
  }
  const packages = new Set(
    facts.missingCommands.flatMap(
      (command) => SYSTEM_COMMANDS[command] ?? needs.commands[command] ?? [],
    ),
  );
  const go = facts.missingCommands.includes('go') ? [MISSING_GO] : [];
  const root = needs.root && !facts.root ? [MISSING_ROOT] : [];
  if (packages.size === 0) return [...go, ...root];
  const missing = facts.missingCommands.filter((command) => command !== 'go').join(', ');
  return [
    ...go,
    ...root,
    `missing on the PATH: ${missing}; apt-get install ${[...packages].join(' ')} ` +
      '(the package names are similar in other distributions)',
  ];
}

function onPath(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
