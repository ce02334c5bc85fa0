/**
 * `test` for all journeys: a journey during which anything left the page's own origin fails. Pages report what they ask
 * for; beside that the browser is given a proxy for everything but this machine, which also sees what no page reports
 * (sockets, beacons, names asked for ahead, other contexts).
 */
import { createServer } from 'node:http';
import { test as base } from '@playwright/test';

export { expect } from '@playwright/test';

/** Addresses that were asked for outside of the page's origin. */
type Leaks = { readonly seen: Set<string> };

/** The browser itself calls its maker. Hosts there that serve pages stay watched; pages report them as well. */
const MAKER = /(^|\.)(google|googleapis|gvt1|gstatic|googleusercontent)\.com$/;
const SERVES_PAGES = /^(fonts|ajax|maps|storage|www)\./;
const isMakers = (host: string): boolean => MAKER.test(host) && !SERVES_PAGES.test(host);

export const test = base.extend<{ nothingLeaves: undefined }, { leaks: Leaks }>({
  leaks: [
    async ({}, use) => {
      await use({ seen: new Set() });
    },
    { scope: 'worker' },
  ],

  launchOptions: [
    async ({ launchOptions, leaks }, use) => {
      const note = (address: string): void => {
        if (!isMakers(new URL(address).hostname)) leaks.seen.add(address);
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
      const address = proxy.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      await use({ ...launchOptions, args: [...(launchOptions.args ?? []), `--proxy-server=127.0.0.1:${port}`] });
      proxy.close();
    },
    { scope: 'worker' },
  ],

  nothingLeaves: [
    async ({ context, baseURL, leaks }, use) => {
      const own = new URL(baseURL ?? '').origin;
      leaks.seen.clear();
      context.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol !== 'data:' && protocol !== 'blob:' && origin !== own) leaks.seen.add(request.url());
      });
      // Asked for and refused by the page's own policy: it never left.
      context.on('requestfailed', (request) => {
        if (request.failure()?.errorText === 'csp') leaks.seen.delete(request.url());
      });
      await use(undefined);
      if (leaks.seen.size > 0) throw new Error(`left the page's origin:\n${[...leaks.seen].join('\n')}`);
    },
    { auto: true },
  ],
});
