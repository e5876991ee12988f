import { list, object, text, time, type Schema } from './schema.ts';

/** MOST_OPEN is the number of clusters that are named in `ManagementSide.status`. */
export const MOST_OPEN = 10;

/** managementSideStatus is `ManagementSide.status`. */
export const managementSideStatus: Schema = object('What the provider knows about this side.', {
  askedTime: time(
    'When the provider last knew that every cluster here was asked whether it manages itself. While this is older than a minute, no manager of Cluster API that starts here becomes a leader.',
  ),
  open: list(
    `Clusters that were not asked yet, as <namespace>/<name>; at most ${MOST_OPEN}.`,
    text('Namespace and name of the Cluster.', { maxLength: 317 }),
    { maxItems: MOST_OPEN },
  ),
});
