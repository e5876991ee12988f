import { CST, Lexer, parse } from 'yaml';

/** Longest text that is read, in characters; a kubeconfig with its certificates has some thousand. */
const MAX_LENGTH = 256 * 1024;
/** The parser takes time by the square of these, so they, not the length, bound it. */
const MAX_TOKENS = 5000;
const MAX_DEPTH = 16;

/**
 * What a kubeconfig has no use for. Keys that are collections (`? `) cost the parser time exponential in
 * their depth; the rest is where parsers differ in what they see.
 */
const EXOTIC: readonly (string | null)[] = [
  'explicit-key-ind',
  'anchor',
  'alias',
  'tag',
  'directive-line',
];

/**
 * plainYaml reads YAML or JSON that an attacker may have written, in bounded time. Undefined when it is
 * too much, uses anchors, aliases, tags, directives or explicit keys, or is no YAML: why is not told,
 * since a parser quotes what it reads.
 */
export function plainYaml(text: string): unknown {
  if (text.length > MAX_LENGTH || !isPlain(text)) return undefined;
  try {
    const value: unknown = parse(text, {
      // Not 'silent', which takes a text with faults for what is left of it.
      logLevel: 'error',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      maxAliasCount: 0,
    });
    return value;
  } catch {
    return undefined;
  }
}

function isPlain(text: string): boolean {
  let tokens = 0;
  let depth = 0;
  for (const source of new Lexer().lex(text)) {
    const type = CST.tokenType(source);
    depth += nesting(type);
    tokens += 1;
    if (tokens > MAX_TOKENS || depth > MAX_DEPTH || EXOTIC.includes(type)) return false;
  }
  return true;
}

function nesting(type: string | null): number {
  if (type === 'flow-map-start' || type === 'flow-seq-start') return 1;
  return type === 'flow-map-end' || type === 'flow-seq-end' ? -1 : 0;
}
