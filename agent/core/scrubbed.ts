/** Shorter secrets are not taken out: they would make every message unreadable, and hide nothing. */
const SHORTEST = 4;
/** Shorter lines of a secret of several lines occur in other texts too. */
const SHORTEST_LINE = 12;

/**
 * scrubbed replaces secrets in a message of Helm or an API server, which must not reach a log or a status: as they are, in
 * base64, as JSON and YAML escape them, and each line of a secret that has several. Secrets of less than four characters
 * stay.
 */
export function scrubbed(message: string, secrets: Readonly<Record<string, string>>): string {
  const forms = Object.values(secrets)
    .filter((text) => text.length >= SHORTEST)
    .flatMap(formsOf);
  // Longer ones first: a form can be part of another one.
  return [...new Set(forms)]
    .toSorted((a, b) => b.length - a.length)
    .reduce((safe, form) => safe.replaceAll(form, '***'), message);
}

function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= SHORTEST_LINE);
  const texts = [secret, secret.trim(), ...lines].filter((text) => text.length >= SHORTEST);
  const base64 = Buffer.from(secret).toString('base64');
  return [...texts.flatMap(escapedForms), base64, base64.replace(/=+$/, '')];
}

function escapedForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return [
    text,
    json,
    // Go escapes these in JSON too, and quotes other text with its own rules.
    json.replaceAll(/[<>&]/g, goEscape),
    json.replaceAll(/[^\u0020-\u007e]/g, goEscape),
    // YAML in single quotes.
    text.replaceAll("'", "''"),
    // JSON in JSON, as in the message of an API server about an annotation.
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '')),
  ];
}

function goEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
