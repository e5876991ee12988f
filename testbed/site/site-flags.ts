import {
  API_PORT,
  KUBERNETES_SERVICE_ADDRESS,
  SERVICE_NETWORK,
  siteAddresses,
  type SiteName,
} from '../network/address-plan.ts';

/** SiteFiles are the files that the processes of a site read and write. */
export interface SiteFiles {
  readonly etcdData: string;
  readonly authority: string;
  readonly apiServerCertificate: string;
  readonly apiServerKey: string;
  readonly tokenPublicKey: string;
  readonly tokenPrivateKey: string;
  readonly auditPolicy: string;
  readonly auditLog: string;
  readonly controllerManagerKubeconfig: string;
}

const ETCD_URL = 'http://127.0.0.1:2379';
const ETCD_PEER_URL = 'http://127.0.0.1:2380';

/**
 * The controllers that run. `clusterrole-aggregation` because CAPI and Crossplane use aggregated
 * roles, `namespace` and `garbage-collector` because deletions hang without them (facts/e2e.md 3).
 */
const CONTROLLERS = [
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'root-ca-certificate-publisher-controller',
  'deployment-controller',
  'replicaset-controller',
  'endpointslice-controller',
  'clusterrole-aggregation-controller',
  'job-controller',
  'ttl-after-finished-controller',
  'pod-garbage-collector-controller',
] as const;

/** Arguments of etcd. Nothing is synced to disk, because a world need not survive a power failure. */
export function etcdArguments(files: SiteFiles): string[] {
  return [
    `--data-dir=${files.etcdData}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${ETCD_URL}`,
    `--advertise-client-urls=${ETCD_URL}`,
    `--listen-peer-urls=${ETCD_PEER_URL}`,
    '--log-level=warn',
  ];
}

/** Arguments of kube-apiserver (facts/e2e.md 3). */
export function apiServerArguments(site: SiteName, files: SiteFiles): string[] {
  return [
    `--etcd-servers=${ETCD_URL}`,
    '--bind-address=0.0.0.0',
    `--secure-port=${API_PORT}`,
    `--advertise-address=${siteAddresses(site).bridge}`,
    `--tls-cert-file=${files.apiServerCertificate}`,
    `--tls-private-key-file=${files.apiServerKey}`,
    `--client-ca-file=${files.authority}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.tokenPublicKey}`,
    `--service-account-signing-key-file=${files.tokenPrivateKey}`,
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
    '--enable-aggregator-routing=true', // webhooks are dialled at Pod addresses: no kube-proxy
    '--allow-privileged=true',
    '--profiling=false',
    `--audit-policy-file=${files.auditPolicy}`,
    `--audit-log-path=${files.auditLog}`,
    // In megabytes. By default the log is rotated after 100, and its readers would lose events.
    '--audit-log-maxsize=16384',
  ];
}

/** Arguments of kube-controller-manager; each controller acts as its own ServiceAccount. */
export function controllerManagerArguments(files: SiteFiles): string[] {
  return [
    `--kubeconfig=${files.controllerManagerKubeconfig}`,
    '--leader-elect=false',
    '--use-service-account-credentials=true',
    '--bind-address=127.0.0.1',
    `--root-ca-file=${files.authority}`,
    `--service-account-private-key-file=${files.tokenPrivateKey}`,
    `--controllers=${CONTROLLERS.join(',')}`,
  ];
}

/** Names and addresses in the certificate of the API server. */
export function apiServerNames(site: SiteName): {
  readonly dnsNames: readonly string[];
  readonly ips: readonly string[];
} {
  const { bridge, link, driver, cloud } = siteAddresses(site);
  return {
    dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    ips: ['127.0.0.1', KUBERNETES_SERVICE_ADDRESS, bridge, link, driver.siteEnd, cloud.siteEnd],
  };
}

/** Writes with bodies in the audit log, so that every state of every Machine can be derived. */
const AUDITED_BODIES = [
  {
    group: 'cluster.x-k8s.io',
    resources: ['clusters', 'machines', 'machinesets', 'machinedeployments'],
  },
  {
    group: 'controlplane.cluster.x-k8s.io',
    resources: ['kubeadmcontrolplanes', 'kubeadmcontrolplanes/status'],
  },
] as const;

/**
 * The audit policy: all requests except watches. Bodies only for kinds without secrets; never for kubeadm
 * configurations and Secrets.
 */
export function auditPolicy(): object {
  const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'];
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    omitManagedFields: true,
    rules: [
      { level: 'None', verbs: ['watch'] },
      { level: 'RequestResponse', verbs: writes, resources: AUDITED_BODIES },
      { level: 'Metadata' },
    ],
  };
}
