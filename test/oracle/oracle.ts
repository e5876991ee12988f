import { doubledAuthorities } from './authorities.ts';
import { foreignDeletions, type Deletable, type Outage } from './deletions.ts';
import { wrongEnding } from './ending.ts';
import { wrongEpochs } from './epochs.ts';
import type { Actors, Finding } from './finding.ts';
import type { ClusterHistory, History } from './history.ts';
import { wrongMachines } from './machines.ts';
import { foreignOwners, twoOwners } from './one-owner.ts';
import { leakedSecrets, type Place } from './secrets.ts';
import type { SecretValue } from './secret-values.ts';

/** OracleOptions are what the oracle knows besides the audit logs. */
export interface OracleOptions {
  readonly actors: Actors;
  /** Whether owner and epoch are kept on the Clusters; `clusterctl move` knows neither. Yes unless told. */
  readonly ownership?: boolean;
  /** Whether all has come to rest, so that the end is judged too. */
  readonly atRest: boolean;
  /** Only the clusters of this namespace; all when absent. */
  readonly namespace?: string;
  /** What else the product may delete; nothing unless told. */
  readonly mayDelete?: Deletable;
  /** When API servers were killed, whose last answers are in no log. */
  readonly outages?: readonly Outage[];
}

/** judge are all violations of I1 to I5, and I7, that the audit logs of both sides tell of. */
export function judge(history: History, options: OracleOptions): readonly Finding[] {
  const { acts } = history;
  const clusters = history.clusters(options.namespace);
  const deletions = foreignDeletions(acts, {
    actors: options.actors,
    mayDelete: options.mayDelete ?? (() => false),
    outages: options.outages ?? [],
  });
  const own = clusters.flatMap((cluster) => [
    ...judgeCluster(cluster, options),
    ...doubledAuthorities(cluster, acts, options.actors),
  ]);
  const { namespace } = options;
  return [
    ...own,
    ...deletions.filter(({ where }) => namespace === undefined || where === namespace),
  ];
}

function judgeCluster(
  cluster: ClusterHistory,
  { actors, ownership = true, atRest }: OracleOptions,
): readonly Finding[] {
  return [
    ...twoOwners(cluster),
    ...(ownership ? [...foreignOwners(cluster), ...wrongEpochs(cluster)] : []),
    ...wrongMachines(cluster, actors),
    ...(atRest ? wrongEnding(cluster) : []).filter(
      ({ message }) => ownership || !message.includes('its owner is'),
    ),
  ];
}

/** judgeSecrecy are all violations of I6. */
export function judgeSecrecy(
  values: readonly SecretValue[],
  places: readonly Place[],
): readonly Finding[] {
  return leakedSecrets(values, places);
}
