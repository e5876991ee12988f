import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

/** Serves the files of one folder: `main.js <folder> <address> <port>`, until it is killed. */
const [, , folder = '', address = '', port = ''] = process.argv;
const server = createServer(({ url = '' }, response) => {
  const file = createReadStream(join(folder, basename(url)));
  file.on('error', () => response.writeHead(404).end());
  file.on('open', () => file.pipe(response));
});
server.listen(Number(port), address);
process.on('SIGTERM', () => process.exit(0));
