import { stringify } from 'yaml';
import { API_PORT } from './addresses.ts';

/** KubeadmInit is the input of `kubeadm init`. */
export interface KubeadmInit {
  readonly name: string;
  /** Version of Kubernetes, such as `v1.36.3`. */
  readonly version: string;
  readonly address: string;
}

/**
 * kubeadmConfig is the file for `kubeadm init` on a node that is a container: what Cluster API's
 * Docker backend adds for its own (CAPI v1.14, test/infrastructure/docker/internal/provisioning).
 */
export function kubeadmConfig({ name, version, address }: KubeadmInit): string {
  const kubeadm = 'kubeadm.k8s.io/v1beta4';
  const documents = [
    {
      apiVersion: kubeadm,
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: address, bindPort: API_PORT },
      nodeRegistration: {
        name,
        criSocket: 'unix:///run/containerd/containerd.sock',
        taints: [],
        ignorePreflightErrors: ['all'],
        kubeletExtraArgs: [
          { name: 'runtime-cgroups', value: '/system.slice/containerd.service' },
          { name: 'node-ip', value: address },
        ],
      },
    },
    {
      apiVersion: kubeadm,
      kind: 'ClusterConfiguration',
      clusterName: name,
      kubernetesVersion: version,
      controlPlaneEndpoint: `${address}:${API_PORT}`,
      apiServer: { certSANs: ['localhost', '127.0.0.1', address] },
      networking: { podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/16' },
    },
    {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      cgroupDriver: 'systemd',
      cgroupRoot: '/kubelet',
      failSwapOn: false,
      // The disk belongs to the machine, so its usage is irrelevant for this node.
      imageGCHighThresholdPercent: 100,
      evictionHard: {
        'nodefs.available': '0%',
        'nodefs.inodesFree': '0%',
        'imagefs.available': '0%',
      },
    },
    {
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      mode: 'iptables',
      // A container cannot raise the limit of the machine.
      conntrack: { maxPerCore: 0 },
    },
  ];
  return documents.map((document) => stringify(document)).join('---\n');
}
