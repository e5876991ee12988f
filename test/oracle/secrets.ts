import type { Finding } from './finding.ts';
import { needlesOf, type SecretValue } from './secret-values.ts';

/** Place is a text that is no Secret: a log, an Event, a status, a ConfigMap. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

/** I6: no secret value, raw or in base64, stands in any of the places. Never tells the value. */
export function leakedSecrets(
  values: readonly SecretValue[],
  places: readonly Place[],
): readonly Finding[] {
  const needles = values.map(({ origin, value }) => ({ origin, texts: needlesOf(value) }));
  return places.flatMap(({ name, text }) =>
    needles
      .filter(({ texts }) => texts.some((needle) => text.includes(needle)))
      .map(({ origin }): Finding => {
        return {
          invariant: 'I6',
          where: name,
          message: `the value of Secret ${origin} stands in it`,
        };
      }),
  );
}
