// oxlint-disable-next-line no-restricted-imports -- parsing is pure, and the structure has to be the one that the agent reads
import { type Document, isPair, parseAllDocuments, type Scalar, visit } from 'yaml';
import { REFERENCE, referencesIn } from '../../lib/core/substitution.ts';
import type { Variables } from './variables.ts';

/** Filled are manifests with values, or what is wrong with the manifests of the profile. */
export type Filled = { readonly text: string } | { readonly mistake: string };

type Values = Pick<Variables, 'plain' | 'typed'>;

/**
 * fillManifests fills variables into manifests. The structure is that of the manifests without the values: they are
 * parsed with a harmless word for each reference, and then each scalar that has such words is replaced in the text.
 * Thus no value adds an object, a field, a tag or an anchor. A reference that is a whole plain scalar keeps the type
 * of its variable, any other scalar is text. Everything else in the text stays as it is, including references in
 * comments.
 */
export function fillManifests(manifests: string, values: Values): Filled {
  const used = referencesIn(manifests).filter((name) => Object.hasOwn(values.plain, name));
  if (used.length === 0) return { text: manifests };
  const key = JSON.stringify([
    manifests,
    used.map((name) => [values.plain[name], values.typed[name]]),
  ]);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const filled = fill(manifests, used, values);
  remember(key, filled);
  return filled;
}

/** Each call of the function fills all manifests again, and parsing them costs more than the rest of a call. */
const remembered = new Map<string, Filled>();
const MOST_CHARACTERS = 8_000_000;
let characters = 0;

function remember(key: string, filled: Filled): void {
  if (characters + key.length > MOST_CHARACTERS) {
    remembered.clear();
    characters = 0;
  }
  characters += key.length;
  remembered.set(key, filled);
}

function fill(manifests: string, used: readonly string[], values: Values): Filled {
  const words = wordsFor(manifests, used);
  const text = manifests.replace(
    REFERENCE,
    (reference, name: string) => words.of(name) ?? reference,
  );
  const edits: Edit[] = [];
  for (const [index, document] of [...parseAllDocuments(text)].entries()) {
    const [error] = document.errors;
    if (error !== undefined) return { mistake: `document ${index + 1} is no YAML (${error.code})` };
    const inKey = collect(document, { words, values, text }, edits);
    if (inKey !== undefined) return { mistake: `a key has \${${inKey}}, but only values may` };
  }
  return { text: edited(text, edits, words) };
}

/** Words stand for references while the manifests are parsed. */
interface Words {
  of(name: string): string | undefined;
  /** The variables whose words are in the text. */
  names(text: string): readonly string[];
  /** The text with each word replaced. */
  replaced(text: string, by: (name: string) => string): string;
  /** The text with references again. */
  restored(text: string): string;
}

function wordsFor(manifests: string, used: readonly string[]): Words {
  let salt = 0;
  while (manifests.includes(`mcvar${salt}x`)) salt += 1;
  const pattern = new RegExp(`mcvar${salt}x([0-9]+)x`, 'g');
  function replaced(text: string, by: (name: string) => string): string {
    return text.replace(pattern, (word, index) => {
      const name = used[Number(index)];
      return name === undefined ? word : by(name);
    });
  }
  return {
    of(name) {
      const index = used.indexOf(name);
      return index < 0 ? undefined : `mcvar${salt}x${index}x`;
    },
    names: (text) => [...text.matchAll(pattern)].flatMap(([, index]) => used[Number(index)] ?? []),
    replaced,
    restored: (text) => replaced(text, (name) => `\${${name}}`),
  };
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

interface Source {
  readonly words: Words;
  readonly values: Values;
  readonly text: string;
}

/** Adds the edits of a document; the variable that a key refers to, if there is one. */
function collect(document: Document, source: Source, edits: Edit[]): string | undefined {
  const { words } = source;
  let inKey: string | undefined;
  visit(document, {
    Scalar(_key, node, path) {
      if (!isText(node)) return;
      const [first] = words.names(node.value);
      if (first === undefined) return;
      const ancestors = [...path, node];
      const isKey = ancestors.some((one, at) => isPair(one) && one.key === ancestors[at + 1]);
      if (isKey) inKey = first;
      else edits.push(editOf(node, source));
    },
  });
  return inKey;
}

/** TextNode is a scalar with a text, as it stands in the source. */
type TextNode = Scalar<string> & { readonly range: readonly [number, number, number] };

function isText(node: Scalar): node is TextNode {
  return typeof node.value === 'string' && Array.isArray(node.range);
}

function editOf(node: TextNode, { words, values, text }: Source): Edit {
  const [from, to] = node.range;
  const source = text.slice(from, to);
  const names = words.names(source);
  const typed = values.typed[names[0] ?? ''];
  // The source of a quoted scalar has the quotes too.
  if (typed !== undefined && source === words.of(names[0] ?? '')) {
    return { from, to, text: String(typed) };
  }
  function valueOf(name: string): string {
    return values.plain[name] ?? '';
  }
  const filled = words.replaced(node.value, valueOf);
  if (source.startsWith('|') || source.startsWith('>')) {
    const isInline = names.every((name) => isOneLine(valueOf(name)));
    const end = source.endsWith('\n') ? '\n' : '';
    const by = isInline ? words.replaced(source, valueOf) : `${quoted(filled)}${end}`;
    return { from, to, text: by };
  }
  return { from, to, text: styled(filled, node.type) };
}

/** The text as a scalar, in the style of the original where that can hold it. */
function styled(text: string, style: Scalar['type']): string {
  if (style === 'PLAIN' && isPlain(text)) return text;
  if (style === 'QUOTE_SINGLE' && isOneLine(text)) return `'${text.replaceAll("'", "''")}'`;
  return quoted(text);
}

/** Text that no version of YAML reads as something else than text, also in a flow collection. */
function isPlain(text: string): boolean {
  return (
    /^[A-Za-z][A-Za-z0-9_./@-]*([ :][A-Za-z0-9_./@-]+)*$/.test(text) &&
    !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
  );
}

/** Text that stays in its line, and whose ends stay where they are. */
function isOneLine(text: string): boolean {
  return /^[^\s\p{C}\p{Z}]([^\p{C}\p{Zl}\p{Zp}]*[^\s\p{C}\p{Z}])?$/u.test(text);
}

/** JSON is YAML, but YAML wants more characters escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The text with all edits; words outside of them become references again. A value may look like a word. */
function edited(text: string, edits: readonly Edit[], words: Words): string {
  let [at, result] = [0, ''];
  for (const { from, to, text: by } of edits.toSorted((a, b) => a.from - b.from)) {
    result += words.restored(text.slice(at, from)) + by;
    at = to;
  }
  return result + words.restored(text.slice(at));
}
