/** FlagValue is the value of a flag: a text, `true` for one without a value, several for one that is repeated. */
export type FlagValue = string | true | readonly string[];

/** flags are words of a command line, such as `--name=demo`, `--detach`. */
export function flags(values: Readonly<Record<string, FlagValue>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === true) return [`--${name}`];
    if (typeof value === 'string') return [`--${name}=${value}`];
    return value.map((one) => `--${name}=${one}`);
  });
}
