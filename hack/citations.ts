import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Source is one text file of the repository, by its path from the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Repository looks up the targets of citations. */
export interface Repository {
  /** Whether a file or folder exists. */
  readonly has: (path: string) => boolean;
  /** Text of a file; undefined when it does not exist. */
  readonly read: (path: string) => string | undefined;
  /** Names of the decisions. */
  readonly decisions: readonly string[];
}

type Check = (match: RegExpMatchArray, source: Source, repository: Repository) => boolean;

/**
 * The section in a citation of `DESIGN` or of a facts page: `2.4`, `5b`, `A.2`, `D1`, `6 and 8`. It is
 * permissive, as is the pattern for page names, because a citation that does not match is never checked.
 */
const SECTION = String.raw`((?:[A-Z]\.?)?\d\w*(?:\.\w+)*)`;

/** CITATIONS are the forms of citations. */
const CITATIONS: readonly { readonly form: RegExp; readonly holds: Check }[] = [
  {
    form: new RegExp(String.raw`\bfacts/([\w.-]+\.md)(?: ${SECTION}(?: and ${SECTION})?)?`, 'g'),
    holds: ([, file, ...sections], _, repository) =>
      hasSections(repository, `docs/facts/${file ?? ''}`, sections),
  },
  {
    form: new RegExp(String.raw`\bDESIGN ${SECTION}(?: and ${SECTION})?`, 'g'),
    holds: ([, ...sections], _, repository) =>
      hasSections(repository, 'docs/architecture.md', sections),
  },
  {
    form: /\b(?:docs\/decisions\/|[Dd]ecision )(\d+)\b/g,
    holds: ([, number = ''], _, { decisions }) =>
      decisions.some((name) => name.startsWith(`${number.padStart(4, '0')}-`)),
  },
  {
    form: /\b(docs\/(?:[\w-]+\/)*[\w.-]+\.md)\b/g,
    holds: ([, path = ''], _, { has }) => has(path),
  },
];

const LINK: (typeof CITATIONS)[number] = {
  form: /\]\((?![a-z]+:|#)([^)#\s]+)(?:#[^)]*)?\)/g,
  holds: ([, target = ''], { path }, { has }) => has(normalize(join(dirname(path), target))),
};

/** unresolved lists the citations of a file without a target, as `file:line: citation`. */
export function unresolved(source: Source, repository: Repository): string[] {
  const forms = source.path.endsWith('.md') ? [...CITATIONS, LINK] : CITATIONS;
  return source.text
    .split('\n')
    .flatMap((line, index) =>
      forms.flatMap(({ form, holds }) =>
        [...line.matchAll(form)]
          .filter((match) => !holds(match, source, repository))
          .map(([citation]) => `${source.path}:${index + 1}: ${citation}`),
      ),
    );
}

/** filesUnder lists the files below a folder with one of the extensions, without build output and dependencies. */
export function filesUnder(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesUnder(root, path);
    return /\.(?:[mc]?[jt]s|json|md|ya?ml)$/.test(entry.name) ? [path] : [];
  });
}

/** repositoryAt reads a checkout. */
export function repositoryAt(root: string): Repository {
  return {
    has: (path) => existsSync(join(root, path)),
    read: (path) =>
      existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined,
    decisions: readdirSync(join(root, 'docs/decisions')),
  };
}

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage', '.git']);

function hasSections(
  { read }: Repository,
  path: string,
  sections: readonly (string | undefined)[],
): boolean {
  const text = read(path);
  if (text === undefined) return false;
  const headings = [...text.matchAll(/^#+ (\S+)/gm)].map(([, name = '']) =>
    name.replace(/\.$/, ''),
  );
  return sections.every((section) => section === undefined || headings.includes(section));
}
