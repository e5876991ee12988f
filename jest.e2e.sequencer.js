import Sequencer from '@jest/test-sequencer';

/** The tests share one world: the lifecycle finds it untouched, the others follow in order of names. */
export default class InOrder extends Sequencer {
  sort(tests) {
    return tests.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
}

function rank({ path }) {
  return path.endsWith('lifecycle.e2e.ts') ? '' : path;
}
