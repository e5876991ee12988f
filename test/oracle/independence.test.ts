import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

it('shares no code with what it judges', () => {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const imports = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const at = new URL(file, folder);
      const text = readFileSync(at, 'utf8');
      return [...text.matchAll(/^(?:import|\}) .*?from '([^']+)'/gm)].map(([, source = '']) =>
        source.startsWith('.') ? new URL(source, at).href : source,
      );
    });
  const foreign = imports.filter(
    (source) => !source.startsWith(folder.href) && !/^(node:|@jest\/)/.test(source),
  );
  expect(imports.length).toBeGreaterThan(0);
  expect(foreign).toEqual([]);
});
