/**
 * A minimal parser of go.mod files: https://go.dev/ref/mod#go-mod-file. `go mod edit -json` has the same
 * data, but needs a process per file, and a warm start reads the file of every binary.
 */

/** The Go version that the file requires, such as `1.26.0`. */
export function goVersionOf(goMod: string): string {
  const [, version] = /^go\s+(\S+)/m.exec(goMod) ?? [];
  if (version === undefined) throw new Error('cannot find a go line in go.mod');
  return version;
}

/** The version of a module that the file requires. */
export function requiredVersion(goMod: string, module: string): string {
  for (const line of goMod.split('\n')) {
    const [path, version] = line
      .trim()
      .replace(/^require\s+/, '')
      .split(/\s+/);
    if (path === module && version?.startsWith('v') === true) return version;
  }
  throw new Error(`cannot find ${module} in go.mod: add it with "go get -tool" and "go mod tidy"`);
}

/** Whether a Go such as `go1.26.8` is at least the version of a go line such as `1.26.0`. */
export function isAtLeast(goVersion: string, wanted: string): boolean {
  const [have, want] = [numbers(goVersion), numbers(wanted)];
  const difference = have.map((part, i) => part - (want[i] ?? 0)).find((part) => part !== 0);
  return (difference ?? 0) >= 0;
}

function numbers(version: string): readonly number[] {
  const [, major = 0, minor = 0, patch = 0] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return [major, minor, patch].map(Number);
}
