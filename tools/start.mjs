/** `npm start`: install what is missing, build, serve the build and print its address. PORT chooses the port. */
import { ensurePackages, root } from './lib/setup.mjs';

ensurePackages();
const { build, preview } = await import('vite');
await build({ root, logLevel: 'warn' });
const server = await preview({
  root,
  preview: { port: Number(process.env.PORT ?? 4173), host: 'localhost', strictPort: process.env.PORT !== undefined },
});
const [address] = server.resolvedUrls?.local ?? [];
console.log(`\n  Telltale is served at ${address}\n  Stop it with Ctrl+C.\n`);
