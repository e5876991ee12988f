import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

it('shares no code with what it judges', () => {
  const folder = new URL('.', import.meta.url);
  const imports = readdirSync(folder).flatMap((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    return [...text.matchAll(/^(?:import|\}) .*?from '([^']+)'/gm)].map(
      ([, source = '']) => source,
    );
  });
  const foreign = imports.filter((source) => !/^(\.\/|node:|@jest\/)/.test(source));
  expect(foreign).toEqual([]);
});
