import type { ServerIdentity } from './scripted-server.ts';
import { mintAuthority, mintServing } from '../../provider/certificates/mint.ts';

/** serverIdentity makes an identity for a server of a test. */
export async function serverIdentity(host = 'api.example'): Promise<ServerIdentity> {
  const life = { now: new Date(), days: 1 };
  const authority = await mintAuthority('test', life);
  const pair = await mintServing(authority, [host], life);
  return { ...pair, authority: authority.certificate, host };
}
