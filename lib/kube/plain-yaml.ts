import { CST, Lexer, parse } from 'yaml';

/** Maximum length in characters; a kubeconfig with its certificates has a few thousand. */
const MAX_LENGTH = 256 * 1024;
/** The time of the parser is quadratic in the number of tokens, so this limits it, not the length. */
const MAX_TOKENS = 5000;
const MAX_DEPTH = 16;

/**
 * Syntax that a kubeconfig does not need. Keys that are collections (`? `) take exponential time in their
 * depth; parsers interpret the rest differently.
 */
const EXOTIC: readonly (string | null)[] = [
  'explicit-key-ind',
  'anchor',
  'alias',
  'tag',
  'directive-line',
];

/**
 * plainYaml parses YAML or JSON from an untrusted source in bounded time. Undefined if it is too large,
 * uses anchors, aliases, tags, directives or explicit keys, or is not YAML. The reason is not reported,
 * because parsers quote their input.
 */
export function plainYaml(text: string): unknown {
  if (text.length > MAX_LENGTH || !isPlain(text)) return undefined;
  try {
    const value: unknown = parse(text, {
      // Not 'silent', which returns a partial result for a text with errors.
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
