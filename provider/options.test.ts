import { describe, expect, it } from '@jest/globals';
import { optionsFrom, type ProgramOptions } from './options.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

const DEFAULTS: ProgramOptions = {
  kubeconfig: undefined,
  leaseNamespace: 'crossplane-system',
  namespace: 'crossplane-system',
  managementEndpoint: undefined,
  managementAuthorityFile: undefined,
  agentImage: undefined,
  allowed: { providerNamespaces: [], privilegedProviders: [], imageMirrors: [] },
  metricsPort: 8080,
  metricsAuth: true,
  metricsCertsDir: undefined,
  healthPort: 8081,
  workers: 10,
  debug: false,
};

describe('optionsFrom', () => {
  it.each(['On', 'no', 'true'])('takes --metrics-auth=%s for a mistake', (text) => {
    expect(() => optionsFrom([`--metrics-auth=${text}`], {})).toThrow(
      `--metrics-auth ${text} is neither on nor off`,
    );
  });

  it.each([`agent@${DIGEST}0`, 'agent@sha256:12', 'agent@latest', `@${DIGEST}`, 'an agent'])(
    'takes --agent-image=%s for a mistake',
    (image) => {
      expect(() => optionsFrom([`--agent-image=${image}`], {})).toThrow(
        `--agent-image ${image} is not the name of an image`,
      );
    },
  );

  it.each<{ reason: string; argv?: string; namespace?: string; want: Partial<ProgramOptions> }>([
    { reason: 'nothing said', want: {} },
    {
      reason: 'the namespace of the Pod',
      namespace: 'upbound-system',
      want: { leaseNamespace: 'upbound-system' },
    },
    {
      reason: 'the flag beats it',
      argv: '--leader-election here',
      namespace: 'there',
      want: { leaseNamespace: 'here' },
    },
    {
      reason: 'one replica only',
      argv: '--leader-election=off',
      namespace: 'there',
      want: { leaseNamespace: undefined },
    },
    {
      reason: 'what agents use',
      argv: '--management-endpoint https://[fd00::1]:6443 --management-ca-file /ca --agent-image a:b',
      want: {
        managementEndpoint: 'https://[fd00::1]:6443',
        managementAuthorityFile: '/ca',
        agentImage: 'a:b',
      },
    },
    {
      reason: 'an image by digest',
      argv: `--agent-image=r.example:5000/a/agent@${DIGEST}`,
      want: { agentImage: `r.example:5000/a/agent@${DIGEST}` },
    },
    {
      reason: 'a tag beside the digest',
      argv: `--agent-image=r.example/agent:0.1.0@${DIGEST}`,
      want: { agentImage: `r.example/agent:0.1.0@${DIGEST}` },
    },
    {
      reason: 'metrics over TLS',
      argv: '--metrics-certs-dir=/tls/server --metrics-auth=on',
      want: { metricsCertsDir: '/tls/server' },
    },
    {
      reason: 'metrics for everybody',
      argv: '--metrics-certs-dir=/tls/server --metrics-auth=off --metrics-certs-dir=off',
      want: { metricsAuth: false },
    },
    {
      reason: 'what the administrator allows',
      argv: '--provider-namespaces=capi-system,capa-system --privileged-providers infrastructure-docker --image-mirrors=r.example/a,,',
      want: {
        allowed: {
          providerNamespaces: ['capi-system', 'capa-system'],
          privilegedProviders: ['infrastructure-docker'],
          imageMirrors: ['r.example/a'],
        },
      },
    },
    {
      reason: 'the rest',
      argv: '--kubeconfig /k --metrics-port 0 --health-port 0 --workers 3 -d',
      want: { kubeconfig: '/k', metricsPort: 0, healthPort: 0, workers: 3, debug: true },
    },
  ])('$reason', ({ argv = '', namespace, want }) => {
    const words = argv.split(' ').filter(Boolean);
    expect(optionsFrom(words, { POD_NAMESPACE: namespace })).toEqual({
      ...DEFAULTS,
      namespace: namespace ?? DEFAULTS.namespace,
      ...want,
    });
  });

  it('reports all mistakes together', () => {
    const argv =
      '--management-endpoint http://x --workers 0 --metrics-port 9 --health-port 9 --what';
    expect(() => optionsFrom(argv.split(' '), {})).toThrow(
      [
        '--what is not a known flag; --help lists them',
        '--management-endpoint http://x is not the URL of an API server; use https://host:port',
        '--workers 0 is not a whole number of passes from 1 to 100',
        '--metrics-port and --health-port must be different ports',
      ].join('\n'),
    );
  });
});
