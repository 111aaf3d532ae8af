import { processHost } from './process-host.js';
import { magg } from './program.js';

const bundles = { threadUrl: new URL('./thread.mjs', import.meta.url), libraryUrl: new URL('./library.mjs', import.meta.url) };

// What was written to a pipe may still be on its way: the code is set, the process ends by itself.
process.exitCode = await magg(process.argv.slice(2), processHost(bundles));
