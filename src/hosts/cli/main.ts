import { processHost } from './process-host.js';
import { magg } from './program.js';

// What was written to a pipe may still be on its way: the code is set, the process ends by itself.
process.exitCode = await magg(process.argv.slice(2), processHost(new URL('./thread.mjs', import.meta.url)));
