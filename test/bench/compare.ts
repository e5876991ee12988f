import { cpus } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';
import { milliseconds, seconds, table } from '../report/markdown.ts';
import { median, percentile } from '../report/statistics.ts';
import { round, type Round } from './measure.ts';
import { start, type Running } from './running.ts';
import type { SteadyCall } from './steady-call.ts';
import { FLOOR, SUBJECTS } from './subjects.ts';

/** GOAL is how much CPU a call of ours may take, in calls of the floor. */
export const GOAL = 1.5;

/** Sizes are how much is measured. */
export interface Sizes {
  readonly rounds: number;
  readonly calls: number;
}

/** Row is what was measured of a subject. */
interface Row {
  readonly name: string;
  readonly rounds: readonly Round[];
  readonly memory: number;
  readonly startMs: readonly number[];
}

/** Compared is one call, answered by all subjects. */
export interface Compared {
  readonly call: SteadyCall;
  readonly rows: readonly Row[];
  /** CPU of ours by that of the floor. */
  readonly ratio: number;
}

/** compare lets all subjects answer the same call, in turns, so that a busy machine is unfair to none. */
export async function compare(call: SteadyCall, answers: string, sizes: Sizes): Promise<Compared> {
  const starts = await startTimes(call, answers, sizes.rounds);
  const running: Running[] = [];
  try {
    for (const subject of SUBJECTS) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      running.push(await start(subject, answers, call));
    }
    await checkAnswers(running, call);
    const rounds = await inTurns(running, call, sizes);
    const rows = running.map((one, index) => ({
      name: one.subject.name,
      rounds: rounds[index] ?? [],
      memory: one.memory(),
      startMs: starts.get(one.subject.name) ?? [],
    }));
    const [ours] = rows;
    return { call, rows, ratio: ours === undefined ? Number.NaN : ratioOf(ours, rows) };
  } finally {
    await Promise.all(running.map((one) => one.stop()));
  }
}

/** Whoever answers something else is measured for something else. The SDK's helpers order fields otherwise. */
async function checkAnswers(running: readonly Running[], call: SteadyCall): Promise<void> {
  const wanted = readable(call.response);
  for (const one of running) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const answer = readable(await one.call(call.request));
    if (!isDeepStrictEqual(answer, wanted)) {
      throw new Error(`cannot compare: ${one.subject.name} answers ${call.name} differently`);
    }
  }
}

/** What Crossplane acts by: what is composed, the status, and when to ask again. */
function readable(bytes: Buffer): unknown {
  const { desired, meta, conditions } = RunFunctionResponse.decode(bytes);
  const { status } = { ...desired?.composite?.resource };
  return JSON.parse(JSON.stringify({ status, resources: desired?.resources, meta, conditions }));
}

async function startTimes(
  call: SteadyCall,
  answers: string,
  times: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const all = new Map<string, number[]>();
  for (let turn = 0; turn < times; turn += 1) {
    for (const subject of SUBJECTS) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const running = await start(subject, answers, call);
      all.set(subject.name, [...(all.get(subject.name) ?? []), running.startMs]);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await running.stop();
    }
  }
  return all;
}

/** Calls until the compiler of V8 has seen enough: a function that runs for days has more behind it. */
const WARM_UP = 3000;

/** The first round warms up and does not count. */
async function inTurns(
  running: readonly Running[],
  call: SteadyCall,
  { rounds, calls }: Sizes,
): Promise<readonly (readonly Round[])[]> {
  const all = running.map((): Round[] => []);
  for (let turn = 0; turn <= rounds; turn += 1) {
    for (const [index, one] of running.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const measured = await round(one, call, turn === 0 ? WARM_UP : calls);
      if (turn > 0) all[index]?.push(measured);
    }
  }
  return all;
}

function cpuOf({ rounds }: Row): number {
  return median(rounds.map(({ cpu }) => cpu));
}

/** Of each round by itself, because it compares what ran side by side; then the one in the middle. */
function ratioOf(row: Row, rows: readonly Row[]): number {
  const floor = rows.find(({ name }) => name === FLOOR);
  const ratios = row.rounds.map(
    ({ cpu }, index) => cpu / (floor?.rounds[index]?.cpu ?? Number.NaN),
  );
  return median(ratios);
}

/** report is all of it in Markdown. */
export function report(all: readonly Compared[]): string {
  const [cpu] = cpus();
  return [
    ...SUBJECTS.map(({ name, what }) => `- \`${name}\`: ${what}`),
    '',
    `Node ${process.version}, ${cpu?.model ?? '?'}; CPU and ratio are medians of the rounds. Goal: ours takes ${GOAL} times the CPU of the floor at most.`,
    ...all.flatMap(({ call, rows }) => ['', headingOf(call), '', tableOf(rows)]),
  ].join('\n');
}

function headingOf({ name, request, response }: SteadyCall): string {
  const [asked, answered] = [request, response].map(({ length }) => (length / 1024).toFixed(1));
  return `Case ${name}: ${asked} KiB asked, ${answered} KiB answered`;
}

function tableOf(rows: readonly Row[]): string {
  const head = [
    'function',
    'CPU a call, ms',
    'ratio to floor',
    'calls/s',
    'p50, ms',
    'p99, ms',
    'memory, MiB',
    'start to first answer, ms',
  ];
  return table(
    head,
    rows.map((row) => {
      const latencies = row.rounds.flatMap((one) => one.latencies);
      const rates = row.rounds.map(({ callsPerSecond }) => callsPerSecond);
      return [
        row.name,
        seconds(cpuOf(row) / 1000, 2),
        seconds(ratioOf(row, rows), 2),
        milliseconds(median(rates)),
        seconds(median(latencies)),
        seconds(percentile(latencies, 0.99)),
        milliseconds(row.memory),
        milliseconds(median(row.startMs)),
      ];
    }),
  );
}
