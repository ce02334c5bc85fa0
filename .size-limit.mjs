/** Size budgets of the build in dist/, gzipped. The shell is what the page names itself: all that is loaded before anything is asked for. */
import { readFileSync } from 'node:fs';

const html = readFileSync(new URL('dist/index.html', import.meta.url), 'utf8');
const shell = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => `dist/${path}`);

export default [
  { name: 'shell (before engine, charts and pages)', path: ['dist/index.html', ...shell], limit: '250 kB' },
  { name: 'first page (review, with its charts)', path: 'dist/assets/ReviewPage-*.js', limit: '45 kB' },
  { name: 'engine (worker, loaded beside the page)', path: 'dist/assets/engine.worker-*.js', limit: '380 kB' },
  { name: 'statistical charts (loaded with the first)', path: 'dist/assets/EChart-*.js', limit: '220 kB' },
  { name: 'styles', path: 'dist/assets/*.css', limit: '30 kB' },
].map((budget) => ({ ...budget, gzip: true }));
