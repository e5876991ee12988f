import { sites } from '../api/sites.ts';

/** The two API servers of the running world, as their administrators see them. */
export const { management, workload } = sites();
