/** SiteName: `m` is the management site, `w` the workload site (facts/e2e.md 3). */
export type SiteName = 'm' | 'w';

/** SiteAddresses are the addresses of one site; every network is a /24 or /30. */
export interface SiteAddresses {
  /** Address of the bridge: the API server and the gateway of the Pods. */
  readonly bridge: string;
  /** Pods live in here; `bridge` is its first address. */
  readonly podNetwork: string;
  /** End of the link between the sites on this site. */
  readonly link: string;
  /** Both ends of the wire between the driver and the site. */
  readonly driver: { readonly driverEnd: string; readonly siteEnd: string };
  /** Both ends of the wire between the pretend cloud and the site. */
  readonly cloud: { readonly cloudEnd: string; readonly siteEnd: string };
}

/** Name of the network namespace of the pretend cloud. */
export const CLOUD = 'x';

/** Address of the pretend cloud, the same from everywhere. */
export const CLOUD_ADDRESS = '10.99.3.1';

/** Both ends of the wire between the pretend cloud and the driver. */
export const CLOUD_DRIVER = { cloudEnd: '10.97.3.1', driverEnd: '10.97.3.2' } as const;

/** First address of the range of ClusterIPs, which is the Service `kubernetes` on every site. */
export const KUBERNETES_SERVICE_ADDRESS = '10.96.0.1';

/** Range of ClusterIPs, the same on both sites: it never leaves a site. */
export const SERVICE_NETWORK = '10.96.0.0/16';

/** Port of the API servers. */
export const API_PORT = 6443;

/** The two sites with the number that their addresses carry. */
const SITE_NUMBERS: Readonly<Record<SiteName, number>> = { m: 1, w: 2 };

/** Both site names, management first. */
export const SITE_NAMES: readonly SiteName[] = ['m', 'w'];

/** The other site. */
export function otherSite(site: SiteName): SiteName {
  return site === 'm' ? 'w' : 'm';
}

/** The addresses of a site. */
export function siteAddresses(site: SiteName): SiteAddresses {
  const number = SITE_NUMBERS[site];
  return {
    bridge: `10.99.${number}.1`,
    podNetwork: `10.99.${number}.0/24`,
    link: `10.99.0.${number}`,
    driver: { driverEnd: `10.98.${number}.1`, siteEnd: `10.98.${number}.2` },
    cloud: { cloudEnd: `10.97.${number}.1`, siteEnd: `10.97.${number}.2` },
  };
}

/** The first three numbers of all addresses of Pods of a site. */
export function podPrefix(site: SiteName): string {
  return `10.99.${SITE_NUMBERS[site]}`;
}

/** URL of a site's API server, the same from the driver, the sites and the cloud. */
export function apiServerUrl(site: SiteName): string {
  return `https://${siteAddresses(site).bridge}:${API_PORT}`;
}
