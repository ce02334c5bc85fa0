/** A proxy for everything but this machine: it answers nothing and notes what a browser asked for, page or not. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Leaks = { readonly port: number; readonly seen: readonly string[]; readonly close: () => void };

/** `isMakers`: hosts that the browser calls for its maker, whatever page it shows. */
export async function watchLeaks(isMakers: (host: string) => boolean): Promise<Leaks> {
  const seen: string[] = [];
  const note = (address: string): void => {
    if (!isMakers(new URL(address).hostname)) seen.push(`left the origin: ${address}`);
  };
  const proxy = createServer(({ url = '' }, response) => {
    note(url);
    response.writeHead(403).end();
  });
  proxy.on('connect', ({ url = '' }, socket) => {
    note(`https://${url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const { port } = proxy.address() as AddressInfo;
  return { port, seen, close: () => proxy.close() };
}
