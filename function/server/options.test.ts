import { describe, expect, it } from '@jest/globals';
import { formatAddress, parseAddress } from './address.ts';
import { helpText, wantsHelp } from '../../lib/program/flags.ts';
import { FLAGS, optionsFrom } from './options.ts';
import type { Options } from './options.ts';

const DEFAULTS: Options = {
  address: { host: '0.0.0.0', port: 9443 },
  transport: { kind: 'Insecure' },
  debug: false,
  maxReceiveBytes: 64 * 1024 * 1024,
  shutdownDeadlineMs: 20_000,
};

describe('parseAddress', () => {
  it.each<{ text: string; want: readonly [string, number] | undefined; reason: string }>([
    { text: '0.0.0.0:9443', want: ['0.0.0.0', 9443], reason: 'IPv4' },
    { text: '[::]:9443', want: ['::', 9443], reason: 'IPv6 in brackets' },
    { text: '[fe80::1%eth0]:1', want: ['fe80::1%eth0', 1], reason: 'IPv6 with a zone' },
    { text: 'localhost:0', want: ['localhost', 0], reason: 'a name, and any port' },
    { text: ':9443', want: ['', 9443], reason: 'every interface' },
    { text: '::1:9443', want: undefined, reason: 'IPv6 without brackets is ambiguous' },
    { text: '0.0.0.0', want: undefined, reason: 'no port' },
    { text: '0.0.0.0:65536', want: undefined, reason: 'no such port' },
    { text: 'http://0.0.0.0:80', want: undefined, reason: 'a URL' },
    { text: '', want: undefined, reason: 'nothing' },
  ])('$text: $reason', ({ text, want }) => {
    const address = parseAddress(text);
    expect(address && [address.host, address.port]).toEqual(want);
    expect(address && formatAddress(address)).toBe(want && text);
  });
});

describe('optionsFrom', () => {
  it.each<{ reason: string; argv?: string; certsEnv?: string; want: Partial<Options> }>([
    { reason: 'a laptop', argv: '--insecure', want: {} },
    {
      reason: 'in a Pod, core sets only the variable',
      certsEnv: '/tls/server',
      want: { transport: { kind: 'MutualTls', certsDir: '/tls/server' } },
    },
    {
      reason: 'the flag of the specification beats the variable',
      argv: '--tls-certs-dir /a',
      certsEnv: '/b',
      want: { transport: { kind: 'MutualTls', certsDir: '/a' } },
    },
    {
      reason: 'the flag of the SDK, with an equals sign',
      argv: '--tls-server-certs-dir=/a',
      want: { transport: { kind: 'MutualTls', certsDir: '/a' } },
    },
    {
      reason: 'both flags may say the same',
      argv: '--tls-certs-dir /a --tls-server-certs-dir /a',
      want: { transport: { kind: 'MutualTls', certsDir: '/a' } },
    },
    {
      reason: 'insecure is said out loud, so it beats the variable',
      argv: '--insecure',
      certsEnv: '/b',
      want: {},
    },
    { reason: 'debug, short', argv: '--insecure -d', want: { debug: true } },
    { reason: 'debug, long', argv: '--insecure --debug', want: { debug: true } },
    {
      reason: 'limits in the units of the help',
      argv: '--insecure --max-recv-message-size 16 --shutdown-deadline 0',
      want: { maxReceiveBytes: 16_777_216, shutdownDeadlineMs: 0 },
    },
    {
      reason: 'the last one wins',
      argv: '--insecure --address :1 --address [::1]:2',
      want: { address: { host: '::1', port: 2 } },
    },
  ])('$reason', ({ argv = '', certsEnv, want }) => {
    const options = optionsFrom(words(argv), { TLS_SERVER_CERTS_DIR: certsEnv });
    expect(options).toEqual({ ...DEFAULTS, ...want });
  });

  it.each<{ reason: string; argv: string; want: readonly string[] }>([
    {
      reason: 'never silently insecure',
      argv: '',
      want: [
        'no certificates: set --tls-certs-dir or TLS_SERVER_CERTS_DIR, or --insecure for local development',
      ],
    },
    {
      reason: 'an empty directory is none',
      argv: '--tls-certs-dir=',
      want: [
        '--tls-certs-dir needs a value: <directory>',
        'no certificates: set --tls-certs-dir or TLS_SERVER_CERTS_DIR, or --insecure for local development',
      ],
    },
    {
      reason: 'all mistakes at once',
      argv: '--insecure --address 9443 --max-recv-message-size 15 --shutdown-deadline soon --verbose -x go',
      want: [
        '--verbose is not a known flag; --help lists them',
        '-x is not a known flag; --help lists them',
        'go is not a flag; only flags are accepted',
        '--address 9443 is not host:port; use for example 0.0.0.0:9443 or [::]:9443',
        '--max-recv-message-size 15 is not a whole number of MiB from 16 to 1024',
        '--shutdown-deadline soon is not a whole number of seconds from 0 to 3600',
      ],
    },
    {
      reason: 'a forgotten value does not swallow the next flag unseen',
      argv: '--address --insecure --tls-certs-dir /a',
      want: ['--address needs a value: <host:port>'],
    },
    {
      reason: 'a switch takes no value',
      argv: '--insecure=false --tls-certs-dir /a',
      want: ['--insecure takes no value'],
    },
    {
      reason: 'two directories',
      argv: '--tls-certs-dir /a --tls-server-certs-dir /b',
      want: [
        '--tls-certs-dir and --tls-server-certs-dir are aliases but have different values; set only one of them',
      ],
    },
    {
      reason: 'certificates and insecure',
      argv: '--insecure --tls-certs-dir /a',
      want: [
        '--insecure and a directory of certificates are mutually exclusive; set only one of them',
      ],
    },
    {
      reason: 'a name of every object is no flag',
      argv: '--insecure --toString',
      want: ['--toString is not a known flag; --help lists them'],
    },
  ])('refuses: $reason', ({ argv, want }) => {
    expect(() => optionsFrom(words(argv), {})).toThrow(
      expect.objectContaining({ name: 'TerminalError', message: want.join('\n') }),
    );
  });
});

describe('help', () => {
  it('is wanted however it is written', () => {
    expect([['-h'], ['--nonsense', '--help'], []].map(wantsHelp)).toEqual([true, true, false]);
  });

  it('names every flag with its default', () => {
    const help = helpText('function-managed-cluster', 'A function.', FLAGS);
    for (const flag of [
      '--address',
      '--tls-certs-dir',
      '--insecure',
      '-d, --debug',
      '-h, --help',
    ]) {
      expect(help).toContain(flag);
    }
    expect(help).toContain('(default 0.0.0.0:9443)');
    expect(help).toContain('TLS_SERVER_CERTS_DIR');
  });
});

function words(line: string): readonly string[] {
  return line.split(' ').filter((word) => word !== '');
}
