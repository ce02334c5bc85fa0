/** Threads do not take over how their parent reads TypeScript. */
import { tsImport } from 'tsx/esm/api';

await tsImport('./worker.ts', import.meta.url);
