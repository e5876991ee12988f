import { builtFile } from '@managed-cluster/testbed';

/** Subject is a program that answers calls of a function, as a process of its own. */
export interface Subject {
  readonly name: string;
  readonly what: string;
  /** Arguments of Node that start it on an address; `answers` is a folder with a file for each tag. */
  command(address: string, answers: string): readonly string[];
}

/** FLOOR is what the others are measured by. */
export const FLOOR = 'floor';

/** SUBJECTS are compared with one another, always in one run. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: 'ours',
    what: 'the function as it is shipped',
    command: (address) => [builtFile('function/main.ts'), '--insecure', '--address', address],
  },
  {
    name: FLOOR,
    what: 'the SDK decodes the request and the same bytes are the answer: nothing is done',
    command: (address, answers) => [builtFile('test/bench/floor.ts'), address, answers],
  },
  {
    name: 'idiomatic',
    what: 'the same decisions behind the helpers and the server of the SDK',
    command: (address) => [builtFile('test/bench/idiomatic.ts'), address],
  },
];
