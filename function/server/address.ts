/** Address is the address of a server. An empty host means every interface, IPv4 and IPv6. */
export interface Address {
  readonly host: string;
  /** 0 to 65535; 0 lets the operating system choose. */
  readonly port: number;
}

const LARGEST_PORT = 65_535;

/**
 * Parses `host:port`, `:port` or `[ipv6]:port`, the forms that Crossplane functions accept. Returns undefined
 * for any other form, also for an IPv6 address without brackets, whose last group could be the port.
 */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([\da-fA-F:.%\w]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const port = Number(match[3]);
  return port > LARGEST_PORT ? undefined : { host: match[1] ?? match[2] ?? '', port };
}

/** Formats an address in a form that {@link parseAddress} accepts. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
