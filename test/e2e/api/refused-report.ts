import { writeFileSync } from 'node:fs';

/** RefusedReport collects what was refused and writes it as a table for people. */
export class RefusedReport {
  readonly #sections = new Map<string, Map<string, string>>();

  /** Adds one refusal to a section; both kinds of ManagedCluster answer the same, it stands once. */
  add(section: string, reason: string, message: string): void {
    const refusals = this.#sections.get(section) ?? new Map<string, string>();
    refusals.set(reason, sentence(message));
    this.#sections.set(section, refusals);
  }

  /** Writes the tables, in the order in which the sections began. */
  write(path: string): void {
    const sections = [...this.#sections].map(([section, refusals]) => {
      const rows = [...refusals].map(([reason, message]) => `| ${reason} | ${message} |`);
      return [
        `## ${section}`,
        '',
        '| mistake | answer of the API server |',
        '| --- | --- |',
        ...rows,
      ].join('\n');
    });
    writeFileSync(path, `# Refused, and what the user is told\n\n${sections.join('\n\n')}\n`);
  }
}

/** Without the name of the object before it, the request after it, and what would break a table. */
function sentence(message: string): string {
  return message
    .replace(/^\S+ "[^"]*" is invalid: /, '')
    .replace(/ \((POST|PUT|PATCH|DELETE) [^)]*\)$/, '')
    .replaceAll('|', '\\|');
}
