import { expect, it } from '@jest/globals';
import { done, doneWith, giveUp, type Outcome, stalled, wait } from './outcome.ts';
import { inOrder, startingWith, type Around, type Step } from './steps.ts';

const one: Step<string[], number, string> = {
  name: 'One',
  run(acts, given) {
    acts.push(`one ${given}`);
    return Promise.resolve(doneWith(`<${given}>`));
  },
};
const two: Step<string[], string, number> = {
  name: 'Two',
  run(acts, given) {
    acts.push(`two ${given}`);
    return Promise.resolve(doneWith(given.length));
  },
};

function open(outcome: Outcome<never>): Step<string[], string, string> {
  return { name: 'Open', run: () => Promise.resolve(outcome) };
}

it('a step gets the result of the previous one', async () => {
  const acts: string[] = [];
  const steps = startingWith(one).followedBy(two).followedBy(one);
  expect(steps.names).toEqual(['One', 'Two', 'One']);
  expect(await steps.run(acts, 12)).toEqual(doneWith('<4>'));
  expect(acts).toEqual(['one 12', 'two <12>', 'one 4']);
});

it('a list can be appended to another list', async () => {
  const acts: string[] = [];
  const steps = startingWith(one).followedBy(startingWith(two).followedBy(one));
  expect(steps.names).toEqual(['One', 'Two', 'One']);
  expect(await steps.run(acts, 1)).toEqual(doneWith('<3>'));
});

it.each([wait('Aborting', 'a', 5), stalled('Releasing', 'b'), giveUp('TookTooLong', 'c')])(
  'no step starts after $kind',
  async (outcome) => {
    const acts: string[] = [];
    const steps = startingWith(one).followedBy(open(outcome)).followedBy(two);
    expect(await steps.run(acts, 1)).toEqual(outcome);
    expect(acts).toEqual(['one 1']);
  },
);

it.each<[string, Outcome<string>, Outcome<string>]>([
  ['a later step that is finished', doneWith('x'), { ...doneWith('x'), requeueAfterMs: 50 }],
  ['an earlier look', wait('Aborting', 'a', 5), wait('Aborting', 'a', 5)],
  ['a later look', wait('Aborting', 'a', 90), wait('Aborting', 'a', 50)],
  ['an event', wait('Aborting', 'a'), wait('Aborting', 'a', 50)],
  ['a user', stalled('Releasing', 'b'), stalled('Releasing', 'b')],
])(
  'a finished step is checked again in its time, whatever follows: %s',
  async (_what, next, want) => {
    const first: Step<string[], number, string> = {
      name: 'First',
      run: () => Promise.resolve({ ...doneWith('x'), requeueAfterMs: 50 }),
    };
    const last: Step<string[], string, string> = { name: 'Last', run: () => Promise.resolve(next) };
    expect(await startingWith(first).followedBy(last).run([], 1)).toEqual(want);
  },
);

it('every step is run by the wrapper', async () => {
  const acts: string[] = [];
  const around: Around = async (name, run) => {
    acts.push(`${name} begins`);
    const outcome = await run();
    acts.push(`${name} ${outcome.kind}`);
    return outcome;
  };
  const steps = startingWith(one)
    .followedBy(open(wait('Aborting', 'a')))
    .followedBy(two);
  await steps.run(acts, 1, around);
  expect(acts).toEqual(['One begins', 'one 1', 'One Done', 'Open begins', 'Open Wait']);
});

it('steps without results form a list', async () => {
  const acts: string[] = [];
  const names = ['a', 'b'];
  const steps = names.map((name): Step<string[]> => ({
    name,
    run: (to) => {
      to.push(name);
      return Promise.resolve(done);
    },
  }));
  expect(await inOrder(steps).run(acts, undefined)).toEqual(done);
  expect(acts).toEqual(names);
  expect(await inOrder<string[]>([]).run(acts, undefined)).toEqual(done);
});
