/** KubeVip is the configuration of kube-vip. */
export interface KubeVip {
  readonly image: string;
  /** An IP address that no machine uses and no DHCP server assigns. */
  readonly address: string;
  readonly port: number;
  /** Network interface; empty for the interface of the default route. */
  readonly interface?: string;
}

const MANIFEST = '/etc/kubernetes/manifests/kube-vip.yaml';
const HOSTS = '/etc/kube-vip.hosts';
const ADMIN = '/etc/kubernetes/admin.conf';
const SUPER_ADMIN = '/etc/kubernetes/super-admin.conf';

/**
 * Since Kubernetes 1.29 admin.conf has no permissions until `kubeadm init` has finished, but init waits for
 * the address that kube-vip sets with admin.conf. Therefore the first machine, the only one with
 * kubeadm.yaml, uses super-admin.conf (kube-vip issue 684, as in the templates of CAPV v1.16).
 */
const PREPARE = `if [ -f /run/kubeadm/kubeadm.yaml ]; then sed -i 's#path: ${ADMIN}#path: ${SUPER_ADMIN}#' ${MANIFEST}; fi`;

/** KubeVipParts is what kube-vip adds to the kubeadm configuration of control plane machines. */
export interface KubeVipParts {
  readonly files: readonly BootFile[];
  readonly preKubeadmCommands: readonly string[];
}

type BootFile = {
  readonly path: string;
  readonly owner: string;
  readonly permissions: string;
  readonly content: string;
};

/** kubeVip returns kube-vip as a static Pod for every control plane machine. */
export function kubeVip(options: KubeVip): KubeVipParts {
  return {
    files: [
      file(MANIFEST, manifest(options)),
      // The name in admin.conf must resolve to the API server of the same machine.
      file(HOSTS, '127.0.0.1 localhost kubernetes\n'),
    ],
    preKubeadmCommands: [PREPARE],
  };
}

function file(path: string, content: string): BootFile {
  return { path, owner: 'root:root', permissions: '0644', content };
}

function manifest({ image, ...options }: KubeVip): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: kube-vip
  namespace: kube-system
spec:
  hostNetwork: true
  containers:
  - name: kube-vip
    image: ${JSON.stringify(image)}
    imagePullPolicy: IfNotPresent
    args: [manager]
    env:
${environment(options)}
    - name: vip_nodename
      valueFrom:
        fieldRef:
          fieldPath: spec.nodeName
    securityContext:
      capabilities:
        add: [NET_ADMIN, NET_RAW]
    volumeMounts:
    - name: kubeconfig
      mountPath: ${ADMIN}
    - name: hosts
      mountPath: /etc/hosts
  volumes:
  - name: kubeconfig
    hostPath:
      path: ${ADMIN}
  - name: hosts
    hostPath:
      path: ${HOSTS}
      type: File
`;
}

/** Values are quoted as JSON, which is valid YAML, so that no value of the claim can inject YAML. */
function environment({ address, port, ...options }: Omit<KubeVip, 'image'>): string {
  const variables: Readonly<Record<string, string>> = {
    vip_arp: 'true',
    address,
    port: String(port),
    vip_subnet: address.includes(':') ? '128' : '32',
    vip_interface: options.interface ?? '',
    cp_enable: 'true',
    cp_namespace: 'kube-system',
    vip_leaderelection: 'true',
    vip_leasename: 'plndr-cp-lock',
    vip_leaseduration: '15',
    vip_renewdeadline: '10',
    vip_retryperiod: '2',
  };
  return Object.entries(variables)
    .map(([name, value]) => `    - name: ${name}\n      value: ${JSON.stringify(value)}`)
    .join('\n');
}
