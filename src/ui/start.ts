/**
 * The first of the page to run: it has the engine fetched and its device chosen before the page's own code is there, and
 * asks for that at once (`tools/build/early.ts`), so that both load side by side.
 */
import './ui.css';
import { engine } from '../workers/client.ts';

void engine.device();
void import('./main.tsx');
