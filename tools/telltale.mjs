#!/usr/bin/env node
/** `npx telltale`: the command line in TypeScript, run without a build. */
import { register } from 'tsx/esm/api';

register();
await import('./cli.ts');
