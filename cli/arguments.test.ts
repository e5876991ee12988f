import { describe, expect, it } from '@jest/globals';
import { parseArguments, UsageError } from './arguments.ts';

const DEFAULTS = { output: 'text', colour: true, exitCode: false };

describe('parseArguments', () => {
  it.each([
    {
      reason: 'a plain name means either kind',
      args: ['status', 'demo'],
      is: { command: 'status', wanted: { name: 'demo' } },
    },
    {
      reason: 'a claim, by its whole resource',
      args: ['explain', 'managedclusters.managedcluster.io/demo'],
      is: { command: 'explain', wanted: { name: 'demo', flavour: 'claim' } },
    },
    {
      reason: 'a namespaced composite',
      args: ['explain', 'namespacedmanagedclusters.m.managedcluster.io/demo'],
      is: { command: 'explain', wanted: { name: 'demo', flavour: 'composite' } },
    },
    {
      reason: 'type and name apart, as kubectl takes them',
      args: ['status', 'namespacedmanagedcluster', 'demo'],
      is: { command: 'status', wanted: { name: 'demo', flavour: 'composite' } },
    },
    {
      reason: 'the short name of both means either kind',
      args: ['status', 'mc/demo'],
      is: { command: 'status', wanted: { name: 'demo' } },
    },
    {
      reason: 'a kind as it is written in YAML',
      args: ['status', 'ManagedCluster/demo'],
      is: { command: 'status', wanted: { name: 'demo', flavour: 'claim' } },
    },
    {
      reason: 'all flags',
      args: [
        '-n',
        'a',
        'status',
        'demo',
        '--context=c',
        '--kubeconfig',
        'k',
        '-oyaml',
        '--no-color',
        '--exit-code',
      ],
      is: {
        command: 'status',
        wanted: { name: 'demo' },
        namespace: 'a',
        context: 'c',
        kubeconfig: 'k',
        output: 'yaml',
        colour: false,
        exitCode: true,
      },
    },
  ])('takes $reason', ({ args, is }) => {
    expect(parseArguments(args)).toEqual({ ...DEFAULTS, ...is });
  });

  it.each([
    { flags: [], flavour: 'claim' },
    { flags: ['--flavour', 'claim'], flavour: 'claim' },
    { flags: ['--flavour', 'namespaced', '--context', 'c'], flavour: 'composite', context: 'c' },
    { flags: ['--kubeconfig=k', '--no-color'], flavour: 'claim', kubeconfig: 'k' },
  ])('takes adopt with $flags', ({ flags, flavour, ...management }) => {
    const args = ['adopt', 'demo', '-n', 'team-a', '--cluster-kubeconfig', 'file', ...flags];
    expect(parseArguments(args)).toEqual({
      command: 'adopt',
      subject: { flavour, namespace: 'team-a', name: 'demo' },
      clusterKubeconfig: 'file',
      ...management,
    });
  });

  it.each([
    { flags: [], restore: false, now: false, waitSeconds: 30 },
    { flags: ['--now', '--wait=5'], restore: false, now: true, waitSeconds: 5 },
    { flags: ['--restore', '--no-color'], restore: true, now: false, waitSeconds: 120 },
    { flags: ['--restore', '--wait', '0'], restore: true, now: false, waitSeconds: 0 },
  ])('takes revoke with $flags', ({ flags, ...rest }) => {
    const args = ['revoke', 'managedcluster/demo', '-n', 'team-a', '--context=c', ...flags];
    expect(parseArguments(args)).toEqual({
      command: 'revoke',
      wanted: { name: 'demo', flavour: 'claim' },
      namespace: 'team-a',
      context: 'c',
      ...rest,
    });
  });

  it.each([[['--help']], [['status', '-h']], [['help']]])('%j asks for help', (args) => {
    expect(parseArguments(args)).toBe('help');
  });

  it.each([
    {
      reason: 'no command',
      args: [],
      says: 'no command: use one of status, explain, adopt, revoke',
    },
    { reason: 'another command', args: ['delete', 'demo'], says: 'unknown command delete' },
    { reason: 'no name', args: ['status'], says: 'specify the name of one ManagedCluster' },
    { reason: 'two names', args: ['status', 'mc', 'a', 'b'], says: 'specify the name of one' },
    { reason: 'another kind', args: ['status', 'pods/a'], says: 'unknown type pods' },
    {
      reason: 'another output',
      args: ['status', 'a', '-o', 'wide'],
      says: 'unknown output format wide',
    },
    { reason: 'another flag', args: ['status', 'a', '--watch'], says: '--watch' },
    ...['--cluster-kubeconfig=f', '--flavour=claim'].map((flag) => ({
      reason: `${flag} of another command`,
      args: ['explain', 'a', flag],
      says: `explain has no flag ${flag.replace(/=.*/, '')}`,
    })),
    ...['--output=json', '--exit-code'].map((flag) => ({
      reason: `${flag} of another command`,
      args: ['adopt', 'a', '-n', 'b', '--cluster-kubeconfig=f', flag],
      says: `adopt has no flag ${flag.replace(/=.*/, '')}`,
    })),
    ...['--restore', '--now', '--wait=1'].map((flag) => ({
      reason: `${flag} of another command`,
      args: ['explain', 'a', flag],
      says: `explain has no flag ${flag.replace(/=.*/, '')}`,
    })),
    ...['-1', '1.5', '', 'x', '3601', '99999'].map((wait) => ({
      reason: `to wait for ${wait}`,
      args: ['revoke', 'a', `--wait=${wait}`],
      says: '--wait is a number of seconds from 0 to 3600',
    })),
    {
      reason: 'to delete and restore',
      args: ['revoke', 'a', '--now', '--restore'],
      says: 'use it without --restore',
    },
    { reason: 'to revoke nothing', args: ['revoke'], says: 'one ManagedCluster: revoke NAME' },
    {
      reason: 'another output of revoke',
      args: ['revoke', 'a', '-o', 'json'],
      says: 'revoke has no flag --output',
    },
    ...[['adopt'], ['adopt', 'a', 'b'], ['adopt', 'mc/a'], ['adopt', 'a;b']].map((args) => ({
      reason: `what is no name: ${args.join(' ')}`,
      args: [...args, '-n', 'b', '--cluster-kubeconfig=f'],
      says: 'specify the name that the Cluster has in the cluster: adopt NAME',
    })),
    {
      reason: 'to guess the namespace',
      args: ['adopt', 'a', '--cluster-kubeconfig=f'],
      says: 'specify the namespace of the Cluster',
    },
    {
      reason: 'to adopt without the kubeconfig of the cluster',
      args: ['adopt', 'a', '-n', 'b', '--kubeconfig=f'],
      says: '--cluster-kubeconfig FILE',
    },
    {
      reason: 'another flavour',
      args: ['adopt', 'a', '-n', 'b', '--cluster-kubeconfig=f', '--flavour=composite'],
      says: 'unknown flavour composite: use one of claim, namespaced',
    },
  ])('refuses $reason', ({ args, says }) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
    expect(() => parseArguments(args)).toThrow(says);
  });
});
