import { describe, expect, it } from '@jest/globals';
import { CLOUD, SITE_NAMES, siteAddresses } from './address-plan.ts';
import {
  cutBatches,
  driverDevices,
  joinBatches,
  topologyBatches,
  type IpBatch,
} from './ip-commands.ts';

function linesOf(batches: readonly IpBatch[], namespace: string | undefined): readonly string[] {
  return batches.filter((batch) => batch.namespace === namespace).flatMap(({ lines }) => lines);
}

describe('topologyBatches', () => {
  const batches = topologyBatches();
  const everything = batches.flatMap(({ lines }) => lines);

  it('gives every address once', () => {
    const addresses = everything.flatMap((line) => /^addr add (\S+)\//.exec(line)?.[1] ?? []);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(addresses).toEqual(
      expect.arrayContaining(SITE_NAMES.map((site) => siteAddresses(site).bridge)),
    );
  });

  it('routes between the sites by the link only, and to the cloud beside it', () => {
    expect(linesOf(batches, 'm')).toContain('route replace 10.99.2.0/24 via 10.99.0.2');
    expect(linesOf(batches, 'w')).toContain('route replace 10.99.1.0/24 via 10.99.0.1');
    expect(linesOf(batches, 'm')).toContain('route add 10.99.3.1/32 via 10.97.1.1');
    expect(linesOf(batches, CLOUD)).toContain('route add 10.99.2.0/24 via 10.97.2.2');
  });

  it.each(SITE_NAMES)('lets the driver reach %s without the link', (site) => {
    const { podNetwork, driver } = siteAddresses(site);
    expect(linesOf(batches, undefined)).toContain(`route add ${podNetwork} via ${driver.siteEnd}`);
  });

  it('makes every device that the driver has to remove', () => {
    for (const device of driverDevices()) {
      expect(everything.some((line) => line.startsWith(`link add ${device} type veth`))).toBe(true);
    }
  });

  it('names no device by a bare letter, which ip takes for a keyword', () => {
    const devices = everything.flatMap((line) => /^link add (\S+)/.exec(line)?.[1] ?? []);
    expect(devices.filter((device) => device.length < 3)).toEqual([]);
  });
});

describe('cutBatches and joinBatches', () => {
  it('touch both ends, and join sets the routes that the kernel dropped', () => {
    expect(cutBatches().map(({ namespace }) => namespace)).toEqual(['m', 'w']);
    expect(linesOf(joinBatches(), 'm')).toEqual([
      'link set intersite up',
      'route replace 10.99.2.0/24 via 10.99.0.2',
    ]);
  });
});
