import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../log.ts';
import type { Answer, Guard } from './diagnostics.ts';
import { metricsAuth } from './metrics-auth.ts';

interface Asked {
  readonly kind: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

const SCRAPER = {
  username: 'system:serviceaccount:monitoring:prometheus',
  uid: 'u-1',
  groups: ['system:serviceaccounts', 'system:authenticated'],
  extra: { 'authentication.kubernetes.io/pod-name': ['prometheus-0'] },
};
const KNOWN = { status: { authenticated: true, user: SCRAPER } };
const ALLOWED = { status: { allowed: true } };
const DENIED = { status: { allowed: false } };

/** An API server that answers the two reviews, and the guard that asks it. */
function world({ who = KNOWN, may = ALLOWED }: { who?: unknown; may?: unknown } = {}) {
  const asked: Asked[] = [];
  const lines: string[] = [];
  const answers: Record<string, unknown> = { TokenReview: who, SubjectAccessReview: may };
  const clock = { now: 0 };
  const held: { open: Promise<unknown> } = { open: Promise.resolve() };
  async function raw(method: string, path: string, body?: unknown): Promise<unknown> {
    const { kind, spec } = body as Asked;
    expect([method, path]).toEqual(['POST', PATHS[kind]]);
    asked.push({ kind, spec });
    await held.open;
    const answer = answers[kind];
    if (answer instanceof Error) throw answer;
    return answer;
  }
  const log = createLogger('debug', { write: (line) => void lines.push(line) });
  const guard = metricsAuth({ api: { raw }, log, now: () => clock.now });
  return { guard, asked, answers, clock, held, lines };
}

const PATHS: Readonly<Record<string, string>> = {
  TokenReview: '/apis/authentication.k8s.io/v1/tokenreviews',
  SubjectAccessReview: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
};

/** The code of a refusal, or `through`. */
async function outcome(guard: Guard, authorization?: string): Promise<number | 'through'> {
  const answer: Answer | undefined = await guard({ authorization });
  return answer?.code ?? 'through';
}

describe('who asks for metrics', () => {
  const down = new Error('connect ECONNREFUSED 10.0.0.1:443');

  it.each<{ reason: string; header?: string; who?: unknown; may?: unknown; want: unknown }>([
    { reason: 'an allowed user', header: 'Bearer t', want: 'through' },
    { reason: 'the scheme in other letters', header: 'bearer t', want: 'through' },
    { reason: 'no header', want: 401 },
    { reason: 'an empty token', header: 'Bearer ', want: 401 },
    { reason: 'another scheme', header: 'Basic dXNlcjpwYXNz', want: 401 },
    { reason: 'two words', header: 'Bearer t u', want: 401 },
    {
      reason: 'a token of nobody',
      header: 'Bearer t',
      who: { status: { authenticated: false, error: 'token expired' } },
      want: 401,
    },
    {
      reason: 'a user without a name',
      header: 'Bearer t',
      who: { status: { authenticated: true, user: {} } },
      want: 401,
    },
    {
      reason: 'authenticated as a text',
      header: 'Bearer t',
      who: { status: { authenticated: 'true', user: SCRAPER } },
      want: 401,
    },
    { reason: 'no permission', header: 'Bearer t', may: DENIED, want: 403 },
    { reason: 'no opinion', header: 'Bearer t', may: { status: {} }, want: 403 },
    {
      reason: 'allowed and denied',
      header: 'Bearer t',
      may: { status: { allowed: true, denied: true } },
      want: 403,
    },
    { reason: 'no answer to the token', header: 'Bearer t', who: down, want: 500 },
    { reason: 'no answer to the access', header: 'Bearer t', may: down, want: 500 },
    { reason: 'a page instead of a TokenReview', header: 'Bearer t', who: '<html>', want: 500 },
    { reason: 'a review that has no status', header: 'Bearer t', may: {}, want: 500 },
  ])('$reason: $want', async ({ header, who, may, want }) => {
    const { guard } = world({ who, may });
    expect(await outcome(guard, header)).toBe(want);
  });

  it('sends the token to the API server, and the whole user in the question for access', async () => {
    const { guard, asked } = world();
    await outcome(guard, 'Bearer secret');
    const { username: user, ...rest } = SCRAPER;
    expect(asked).toEqual([
      { kind: 'TokenReview', spec: { token: 'secret' } },
      {
        kind: 'SubjectAccessReview',
        spec: { user, ...rest, nonResourceAttributes: { path: '/metrics', verb: 'get' } },
      },
    ]);
  });

  it('does not ask whether nobody may read', async () => {
    const { guard, asked } = world({ who: { status: { authenticated: false } } });
    await outcome(guard, 'Bearer t');
    expect(asked.map(({ kind }) => kind)).toEqual(['TokenReview']);
  });

  it('tells its own log why there is no verdict, and the scraper nothing', async () => {
    const { guard, lines } = world({ who: down });
    const answer = await guard({ authorization: 'Bearer secret' });
    expect(answer?.body).toBe('cannot check the token: see the log of this program');
    expect(lines.join('')).toContain('ECONNREFUSED');
    expect(lines.join('')).not.toContain('secret');
  });
});

describe('a verdict', () => {
  it.each<{ reason: string; may: unknown; seconds: number; first: unknown; next: unknown }>([
    { reason: 'that allows', may: ALLOWED, seconds: 60, first: 'through', next: 403 },
    { reason: 'that denies', may: DENIED, seconds: 10, first: 403, next: 'through' },
  ])('$reason is used for $seconds s', async ({ may, seconds, first, next }) => {
    const { guard, asked, answers, clock } = world({ may });
    expect(await outcome(guard, 'Bearer t')).toBe(first);
    answers['SubjectAccessReview'] = may === ALLOWED ? DENIED : ALLOWED;

    clock.now = seconds * 1000 - 1;
    expect(await outcome(guard, 'Bearer t')).toBe(first);
    expect(asked).toHaveLength(2);
    clock.now = seconds * 1000;
    expect(await outcome(guard, 'Bearer t')).toBe(next);
    expect(asked).toHaveLength(4);
  });

  it('is of one token', async () => {
    const { guard, answers } = world();
    expect(await outcome(guard, 'Bearer t')).toBe('through');
    answers['TokenReview'] = { status: { authenticated: false } };
    expect(await outcome(guard, 'Bearer T')).toBe(401);
  });

  it('is asked for again at once after a failure', async () => {
    const { guard, answers } = world({ who: new Error('down') });
    expect(await outcome(guard, 'Bearer t')).toBe(500);
    answers['TokenReview'] = KNOWN;
    expect(await outcome(guard, 'Bearer t')).toBe('through');
  });

  it('that has ended is no verdict while the API server is down', async () => {
    const { guard, answers, clock } = world();
    expect(await outcome(guard, 'Bearer t')).toBe('through');
    answers['TokenReview'] = new Error('down');
    clock.now = 60_000;
    expect(await outcome(guard, 'Bearer t')).toBe(500);
  });

  it('is shared by requests at the same time, also its failure', async () => {
    const { guard, asked, answers } = world();
    const all = Array.from({ length: 20 }, () => outcome(guard, 'Bearer t'));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['through']));
    expect(asked).toHaveLength(2);

    answers['TokenReview'] = new Error('down');
    const failing = Array.from({ length: 20 }, () => outcome(guard, 'Bearer other'));
    expect(new Set(await Promise.all(failing))).toEqual(new Set([500]));
    expect(asked).toHaveLength(3);
  });
});

describe('a flood of tokens', () => {
  it('asks for eight at a time', async () => {
    const { guard, asked, held } = world({ who: { status: { authenticated: false } } });
    const gate = new EventEmitter();
    held.open = once(gate, 'open');
    const all = Array.from({ length: 50 }, (_, at) => outcome(guard, `Bearer t${at}`));
    gate.emit('open');
    const codes = await Promise.all(all);
    expect(codes.filter((code) => code === 401)).toHaveLength(8);
    expect(codes.filter((code) => code === 500)).toHaveLength(42);
    expect(asked).toHaveLength(8);
    expect(await outcome(guard, 'Bearer later')).toBe(401);
  });

  it('is forgotten, the oldest first', async () => {
    const { guard, asked } = world();
    for (let at = 0; at <= 256; at++) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await outcome(guard, `Bearer t${at}`);
    }
    const before = asked.length;
    await outcome(guard, 'Bearer t1');
    expect(asked).toHaveLength(before);
    await outcome(guard, 'Bearer t0');
    expect(asked).toHaveLength(before + 2);
  });

  it('is logged once a minute', async () => {
    const { guard, clock, held, lines } = world();
    held.open = new Promise(() => undefined);
    for (let at = 0; at < 8; at++) void outcome(guard, `Bearer junk${at}`);
    const flood = Array.from({ length: 50 }, (_, at) => `Bearer t${at}`);
    for (const [now, count] of [
      [0, 1],
      [59_999, 1],
      [60_000, 2],
    ] as const) {
      clock.now = now;
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await Promise.all(flood.map((header) => outcome(guard, header)));
      expect(lines).toHaveLength(count);
    }
    expect(lines[0]).toContain('8 other tokens are being checked');
  });
});
