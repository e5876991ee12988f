/** VersionStep is whether the desired version may be rolled out now, or why not. */
export type VersionStep =
  { readonly kind: 'Reachable' } | { readonly kind: 'Blocked'; readonly message: string };

const REACHABLE: VersionStep = { kind: 'Reachable' };

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/**
 * nextVersion decides whether a control plane may be upgraded from `current` to `wanted`: at most one
 * minor version up, never down (CAPI v1.14 KCP webhook). An intermediate version is not chosen
 * automatically, because each version needs a machine image.
 */
export function nextVersion(current: string | undefined, wanted: string): VersionStep {
  const from = current === undefined ? undefined : parse(current);
  const to = parse(wanted);
  if (from === undefined || to === undefined) return REACHABLE;
  if (precedes(to, from)) {
    return blocked(
      `a control plane at ${current} cannot be downgraded to ${wanted}: set ${current}`,
    );
  }
  if (to.major !== from.major || to.minor > from.minor + 1) {
    const between = `v${from.major}.${from.minor + 1}`;
    return blocked(
      `a control plane at ${current} cannot skip minor versions to ${wanted}: set a ${between} version first`,
    );
  }
  return REACHABLE;
}

/** oldest is the lowest version; undefined when none can be parsed. */
export function oldest(versions: readonly string[]): string | undefined {
  return versions
    .flatMap((text) => {
      const version = parse(text);
      return version === undefined ? [] : [{ text, version }];
    })
    .toSorted((a, b) => (precedes(a.version, b.version) ? -1 : 1))
    .at(0)?.text;
}

function blocked(message: string): VersionStep {
  return { kind: 'Blocked', message };
}

function parse(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (match === null) return undefined;
  const [major = 0, minor = 0, patch = 0] = match.slice(1).map(Number);
  return { major, minor, patch };
}

function precedes(a: Version, b: Version): boolean {
  if (a.major !== b.major) return a.major < b.major;
  return a.minor === b.minor ? a.patch < b.patch : a.minor < b.minor;
}
