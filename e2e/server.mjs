/**
 * The plainest static host: serves dist/ (or FOLDER) under /some/sub-path/ with no header but the type. With PACKED=1 it
 * answers as the hosts of docs/HOSTING.md do: text packed by gzip, hashed names kept, all else asked for again.
 */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const folder = resolve(fileURLToPath(new URL('..', import.meta.url)), process.env.FOLDER ?? 'dist');
const prefix = '/some/sub-path/';
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.gz': 'application/gzip',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.txt': 'text/plain',
};

const isPacking = process.env.PACKED === '1';
const PACKED = /\.(html|js|css|json|webmanifest|wasm|svg|txt)$/;
const packed = new Map();
const packedOf = (file) => {
  const bytes = packed.get(file) ?? gzipSync(readFileSync(file));
  packed.set(file, bytes);
  return bytes;
};

createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const inside = path.startsWith(prefix) ? normalize(path.slice(prefix.length) || 'index.html') : '..';
  const file = join(folder, inside);
  if (inside.startsWith('..') || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  const type = { 'content-type': types[extname(file)] ?? 'application/octet-stream' };
  if (!isPacking) {
    response.writeHead(200, type);
    createReadStream(file).pipe(response);
    return;
  }
  const kept = inside.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  const isText = PACKED.test(file);
  response.writeHead(200, { ...type, 'cache-control': kept, ...(isText && { 'content-encoding': 'gzip' }) });
  response.end(isText ? packedOf(file) : readFileSync(file));
}).listen(Number(process.env.PORT ?? 4199));
