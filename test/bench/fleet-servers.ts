/**
 * The API servers of a fleet of clusters, in a process of their own, so that hostile ones cost their client nothing but
 * what they send: `fleet-servers.ts <clusters> <hostile>`. Prints the URLs, hostile ones first, as one line of JSON.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

const DISCOVERY = { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] };
const ITEMS = Array.from({ length: 50 }, (_, index) => ({
  metadata: { name: `m${index}`, namespace: 'ns', resourceVersion: '1' },
  data: { text: 'x'.repeat(200) },
}));
const ANSWERS = {
  discovery: JSON.stringify(DISCOVERY),
  list: JSON.stringify({ metadata: { resourceVersion: '1' }, items: ITEMS }),
};

type Answer = (response: http.ServerResponse, url: string) => void;

function honest(response: http.ServerResponse, url: string): void {
  response.end(url === '/api/v1' ? ANSWERS.discovery : ANSWERS.list);
}

function* forEver(chunk: string): Generator<string> {
  for (;;) yield chunk;
}

/** What hostile servers answer: without an end, slowly, never, and with rubbish. */
const HOSTILE: readonly Answer[] = [
  (response) => Readable.from(forEver('x'.repeat(65_536)), { objectMode: false }).pipe(response),
  (response) => {
    const drip = setInterval(() => response.write(' '), 100);
    response.on('close', () => clearInterval(drip));
  },
  () => undefined,
  (response, url) =>
    url === '/api/v1'
      ? honest(response, url)
      : Readable.from(forEver('[{},'.repeat(16_384)), { objectMode: false }).pipe(response),
];

async function serve(answer: Answer): Promise<string> {
  const server = http.createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    answer(response, request.url ?? '');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [clusters = 0, hostile = 0] = process.argv.slice(2).map(Number);
const urls = await Promise.all(
  Array.from({ length: clusters }, (_, index) =>
    serve(index < hostile ? (HOSTILE[index % HOSTILE.length] ?? honest) : honest),
  ),
);
console.log(JSON.stringify(urls));
