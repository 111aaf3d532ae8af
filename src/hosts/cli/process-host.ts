import type { CliHost } from './cli-host.js';
import { EXIT } from './exit-codes.js';

/** The real process, with the bundles of its workers. */
export function processHost({ threadUrl, libraryUrl }: Pick<CliHost, 'threadUrl' | 'libraryUrl'>): CliHost {
  return {
    out: writerOf(process.stdout),
    err: writerOf(process.stderr),
    columns: () => (process.stderr.isTTY ? process.stderr.columns || undefined : undefined),
    wait,
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
    threadUrl,
    libraryUrl,
    withInterrupt
  };
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(done => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/** The question goes to standard error: standard output is for results. Ctrl-D answers with nothing. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await Promise.race([reader.question(question), new Promise<string>(done => reader.once('close', () => done('')))]);
  } finally {
    reader.close();
  }
}

/** A reader that goes away (`magg ... | head`) ends the writing, not the work: a store is worth finishing. */
function writerOf(stream: NodeJS.WriteStream): (text: string) => void {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
  });
  return text => {
    if (!gone) stream.write(text);
  };
}

/** Ctrl-C, or a polite kill, aborts the signal that the task gets; a second one ends the program at once. */
async function withInterrupt<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.cancelled);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await task(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
