import {
  CLOUD,
  CLOUD_ADDRESS,
  CLOUD_DRIVER,
  otherSite,
  SITE_NAMES,
  siteAddresses,
  type SiteName,
} from './address-plan.ts';

/** IpBatch is one call of `ip -batch -`, in a named network namespace or in the driver's own. */
export interface IpBatch {
  readonly namespace?: string;
  readonly lines: readonly string[];
}

const LINK = 'intersite';

/** Device that leads to a site, on the driver and on the cloud; `ip` takes a bare `m` for `mtu`. */
function siteDevice(site: SiteName): string {
  return `site-${site}`;
}

/** The driver's own ends of all its wires; the other ends go with them. */
export function driverDevices(): readonly string[] {
  return ['cloud', ...SITE_NAMES.map(siteDevice)];
}

/**
 * Everything that makes the topology of facts/e2e.md 3, as few calls of `ip`: the driver's own
 * namespace reaches both sites and the cloud, the sites reach each other only by the link, and the
 * cloud is routed from both sites beside the link.
 */
export function topologyBatches(): readonly IpBatch[] {
  return [
    { lines: ['link set lo up', ...[...SITE_NAMES, CLOUD].map((name) => `netns add ${name}`)] },
    { lines: wires() },
    { lines: driverLines() },
    { namespace: CLOUD, lines: cloudLines() },
    ...SITE_NAMES.map((site) => ({ namespace: site, lines: siteLines(site) })),
  ];
}

function wires(): string[] {
  return [
    `link add ${LINK} netns m type veth peer name ${LINK} netns w`,
    `link add cloud type veth peer name driver netns ${CLOUD}`,
    ...SITE_NAMES.flatMap((site) => [
      `link add ${siteDevice(site)} type veth peer name driver netns ${site}`,
      `link add ${siteDevice(site)} netns ${CLOUD} type veth peer name cloud netns ${site}`,
    ]),
  ];
}

function up(device: string, address: string): string[] {
  return [`addr add ${address}/30 dev ${device}`, `link set ${device} up`];
}

function driverLines(): string[] {
  return [
    ...up('cloud', CLOUD_DRIVER.driverEnd),
    `route add ${CLOUD_ADDRESS}/32 via ${CLOUD_DRIVER.cloudEnd}`,
    ...SITE_NAMES.flatMap((site) => {
      const { driver, podNetwork } = siteAddresses(site);
      return [
        ...up(siteDevice(site), driver.driverEnd),
        `route add ${podNetwork} via ${driver.siteEnd}`,
      ];
    }),
  ];
}

function cloudLines(): string[] {
  return [
    'link set lo up',
    `addr add ${CLOUD_ADDRESS}/32 dev lo`,
    ...up('driver', CLOUD_DRIVER.cloudEnd),
    ...SITE_NAMES.flatMap((site) => {
      const { cloud, podNetwork } = siteAddresses(site);
      return [
        ...up(siteDevice(site), cloud.cloudEnd),
        `route add ${podNetwork} via ${cloud.siteEnd}`,
      ];
    }),
  ];
}

function siteLines(site: SiteName): string[] {
  const { bridge, cloud, driver, link } = siteAddresses(site);
  return [
    'link set lo up',
    'link add br0 type bridge',
    `addr add ${bridge}/24 dev br0`,
    'link set br0 up',
    ...up('driver', driver.siteEnd),
    ...up('cloud', cloud.siteEnd),
    `route add ${CLOUD_ADDRESS}/32 via ${cloud.cloudEnd}`,
    ...up(LINK, link),
    linkRoute(site),
  ];
}

/** `replace`, because joining sets the route again, which may or may not be there still. */
function linkRoute(site: SiteName): string {
  const peer = siteAddresses(otherSite(site));
  return `route replace ${peer.podNetwork} via ${peer.link}`;
}

/** Cuts the link: both ends go down, so that neither side waits for the other one's packets. */
export function cutBatches(): readonly IpBatch[] {
  return SITE_NAMES.map((site) => ({ namespace: site, lines: [`link set ${LINK} down`] }));
}

/** Joins the link; the kernel has dropped the routes through it (facts/e2e.md 9). */
export function joinBatches(): readonly IpBatch[] {
  const ups = SITE_NAMES.map((site) => ({ namespace: site, lines: [`link set ${LINK} up`] }));
  const routes = SITE_NAMES.map((site) => ({ namespace: site, lines: [linkRoute(site)] }));
  return [...ups, ...routes];
}
