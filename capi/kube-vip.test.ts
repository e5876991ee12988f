import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { kubeVip } from './kube-vip.ts';

interface Pod {
  readonly spec: {
    readonly hostNetwork: boolean;
    readonly containers: readonly {
      readonly image: string;
      readonly env: readonly { readonly name: string; readonly value?: string }[];
    }[];
    readonly volumes: readonly { readonly name: string; readonly hostPath: { path: string } }[];
  };
}

function manifestOf(options: Parameters<typeof kubeVip>[0]): Pod {
  return parse(kubeVip(options).files[0]?.content ?? '') as Pod;
}

function environmentOf(options: Parameters<typeof kubeVip>[0]): Record<string, string | undefined> {
  const [container] = manifestOf(options).spec.containers;
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
}

const OPTIONS = { image: 'example.com/kube-vip:v1', address: '192.0.2.10', port: 6443 };

describe('kubeVip', () => {
  it('is a static Pod that holds the address', () => {
    expect(manifestOf(OPTIONS)).toMatchObject({
      kind: 'Pod',
      spec: { hostNetwork: true, containers: [{ image: 'example.com/kube-vip:v1' }] },
    });
    expect(environmentOf(OPTIONS)).toMatchObject({
      address: '192.0.2.10',
      port: '6443',
      vip_subnet: '32',
      vip_interface: '',
      cp_enable: 'true',
      vip_leaderelection: 'true',
    });
  });

  it.each([
    {
      reason: 'an IPv6 address is a /128',
      options: { address: '2001:db8::1' },
      name: 'vip_subnet',
      want: '128',
    },
    { reason: 'another port', options: { port: 443 }, name: 'port', want: '443' },
    { reason: 'an interface', options: { interface: 'eth1' }, name: 'vip_interface', want: 'eth1' },
    {
      reason: 'a value that would be YAML stays a value',
      options: { interface: 'eth0"\n      hostPID: true\n' },
      name: 'vip_interface',
      want: 'eth0"\n      hostPID: true\n',
    },
  ])('$reason', ({ options, name, want }) => {
    expect(environmentOf({ ...OPTIONS, ...options })[name]).toBe(want);
  });

  it('takes super-admin.conf on the machine that runs kubeadm init, and only there', () => {
    const { files, preKubeadmCommands } = kubeVip(OPTIONS);
    const [command = ''] = preKubeadmCommands;
    const [, from = '', to = ''] = /s#(.*?)#(.*?)#/.exec(command) ?? [];
    const changed = parse((files[0]?.content ?? '').replace(from, to)) as Pod;

    expect(command).toMatch(/^if \[ -f \/run\/kubeadm\/kubeadm.yaml \]; then sed -i /);
    expect(manifestOf(OPTIONS).spec.volumes[0]?.hostPath.path).toBe('/etc/kubernetes/admin.conf');
    expect(changed.spec.volumes[0]?.hostPath.path).toBe('/etc/kubernetes/super-admin.conf');
  });
});
