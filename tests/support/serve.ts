/** Serves a folder over http on a free port of this machine, under a path of one's choice. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export interface Served {
  /** Ends with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param base Path under which the folder appears, as "/some/where/". */
export async function serve(folder: string, base = '/'): Promise<Served> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const inside = pathname.startsWith(base) ? pathname.slice(base.length) : null;
    void answer(inside === null ? null : join(folder, normalize(`${sep}${inside}`)));

    async function answer(path: string | null) {
      const file = path?.endsWith(sep) ? join(path, 'index.html') : path;
      const found = file !== null && (await stat(file!).catch(() => null))?.isFile();
      if (!found) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': TYPES[extname(file!)] ?? 'text/plain' });
      createReadStream(file!).pipe(response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
