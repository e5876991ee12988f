import type { Life } from '../lives/life.ts';
import type { Proof } from '../proof.ts';
import { seconds, table } from '../../report/markdown.ts';

/** livesPart is the whole product under fire: who was killed in which phase, and what became of it. */
export function livesPart({ lives }: Proof): readonly string[] {
  if (lives === undefined) return [];
  const { wanted, ended, kills } = lives;
  const phases = [...new Set(kills.map(({ phases: [first = '-'] }) => first))].toSorted();
  const victims = [...new Set(kills.map(({ victim }) => victim))].toSorted();
  const rows = victims.map((victim) => [
    victim,
    ...phases.map((phase) => {
      const found = kills.filter((one) => one.victim === victim && one.phases[0] === phase);
      return String(found.length);
    }),
  ]);
  return [
    '## Whole lives: Crossplane, function, provider, agent, Cluster API and API servers killed at random',
    `${ended.length} of ${wanted} claims and namespaced composites, one control plane machine and one worker each, from apply over SelfManaged and Operational to delete, with ${kills.length} SIGKILLs. One cluster at a time has an agent, because one API server stands in for all of them; others grow up to that beside it.`,
    'API servers are killed only while Cluster API makes no machine: of one whose create gets no answer it deletes what the Machine refers to, although the Machine may be there (v1.14.2), and that never heals (our policy fence-machines made it worse until docs/decisions/0010). From SelfManaged to Operational Cluster API is spared too, so that machines can become Ready at all.',
    table(['killed while that cluster was', ...phases], rows),
    table(
      ['cluster', 'asked for as', 'Operational after s', 'gone after s', 'invariants'],
      ended.map(lifeRow),
    ),
  ];
}

function lifeRow({ name, flavour, grown, gone, stuck, findings }: Life): readonly string[] {
  const end = stuck === undefined ? [] : [`stuck: ${stuck}`];
  const said = [...end, ...findings];
  return [
    name,
    flavour,
    seconds(grown ?? Number.NaN),
    seconds(gone ?? Number.NaN),
    said.length === 0 ? 'hold' : said.join('; '),
  ];
}
