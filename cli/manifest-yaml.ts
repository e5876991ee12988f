import type { KubeObject } from '../lib/core/object.ts';
import { hasControls } from '../lib/core/reported.ts';

/**
 * manifestYaml writes objects as YAML that kubectl reads as it was meant, whatever their texts are. kubectl reads YAML
 * 1.1 with exceptions, so everything that could be a boolean, number or time there is quoted; and a cluster must not
 * control the terminal, so control characters are escaped.
 */
export async function manifestYaml(objects: readonly KubeObject[]): Promise<string> {
  const { Document, Scalar, visit } = await import('yaml');
  const texts = objects.map((object) => {
    const document = new Document(object, { version: '1.1', aliasDuplicateObjects: false });
    visit(document, {
      Scalar: (_key, node) => {
        if (isQuoted(node.value)) node.type = Scalar.QUOTE_DOUBLE;
      },
    });
    return escaped(document.toString({ lineWidth: 0, directives: false }));
  });
  return texts.map((text) => `---\n${text}`).join('');
}

/** Numbers of all versions of YAML, merge keys and default values begin with one of these characters. */
function isQuoted(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return /^[-+.\d<=~]/.test(value) || hasControls(value.replaceAll('\n', ''));
}

/** Every control character but a line feed is within double quotes, where all of them can be escaped. */
function escaped(text: string): string {
  return Array.from(text, (character) => {
    if (character === '\n' || !hasControls(character)) return character;
    return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
  }).join('');
}
