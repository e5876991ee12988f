/** Address is where a server listens. An empty host means every interface, IPv4 and IPv6. */
export interface Address {
  readonly host: string;
  /** 0 to 65535; 0 lets the system choose. */
  readonly port: number;
}

const LARGEST_PORT = 65_535;

/**
 * Reads `host:port`, `:port` or `[ipv6]:port`, the forms that Crossplane's functions take. Undefined
 * when it is none of them; a bare IPv6 address is none, because its last group could be the port.
 */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([\da-fA-F:.%\w]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const port = Number(match[3]);
  return port > LARGEST_PORT ? undefined : { host: match[1] ?? match[2] ?? '', port };
}

/** Writes an address the way that {@link parseAddress} reads it. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
