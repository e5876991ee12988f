import { allSettled } from './all-settled.ts';
import { kindsOf, listAll } from './objects.ts';
import { theGraph, type BothSides, type Scope } from './scope.ts';

/** bothSides reads both sides anew; an escrow is what it was. */
export async function bothSides(scope: Scope): Promise<BothSides> {
  const { source, target, cluster } = scope;
  const { objects } = theGraph(scope);
  const kinds = kindsOf(objects);
  const [from = [], to = []] = await allSettled([
    source === undefined ? Promise.resolve(objects) : listAll(source.api, kinds, cluster.namespace),
    listAll(target.api, kinds, cluster.namespace),
  ]);
  return { source: from, target: to };
}
