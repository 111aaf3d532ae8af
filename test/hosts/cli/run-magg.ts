import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { ExitCode } from '../../../src/hosts/cli/exit-codes.js';
import { magg } from '../../../src/hosts/cli/program.js';
import { libraryUrl } from '../../hdf5/library.js';
import type { RunEvent } from '../../../src/runner/index.js';

export const EXAMPLE = resolve(__dirname, '../../../examples/greenland');
export const CONFIG = join(EXAMPLE, 'greenland.magg.yaml');
/** In the order of their names. */
export const GRANULES = readdirSync(EXAMPLE).filter(name => name.endsWith('.h5')).sort().map(name => join(EXAMPLE, name));

export interface Ended {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface Manner {
  /** Columns of the terminal; none without. */
  readonly columns?: number;
  /** Ctrl-C as soon as this is written, to either output. */
  readonly interruptAt?: string;
  /** What happens while the command waits; default nothing. */
  readonly wait?: () => void | Promise<void>;
  /** The user's answers, one after the other; without them nobody is asked. */
  readonly answers?: readonly string[];
}

/** `magg` in this process, on this thread. */
export async function runMagg(words: readonly string[], { columns, interruptAt, wait, answers }: Manner = {}): Promise<Ended> {
  let out = '', err = '';
  const controller = new AbortController();
  const watch = (text: string): void => {
    if (interruptAt !== undefined && text.includes(interruptAt)) controller.abort();
  };
  const left = [...(answers ?? [])];
  const one = words[0] === 'run' || words[0] === 'catalog' ? ['--workers', '1'] : [];
  const code = await magg([...words, ...one], {
    out: text => {
      out += text;
      watch(text);
    },
    err: text => {
      err += text;
      watch(text);
    },
    columns: () => columns,
    wait: async () => wait?.(),
    ask: answers && (question => {
      err += question;
      if (left.length === 0) throw new Error(`nobody answers ${question}`);
      return Promise.resolve(left.shift()!);
    }),
    threadUrl: new URL('file:///nowhere/thread.mjs'),
    libraryUrl,
    withInterrupt: task => task(controller.signal)
  });
  return { code, out, err };
}

/** A new folder that goes away with the test file; to be called at its top. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'magg-cli-')));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The config of the example with other granules, and other changes to its text; returns its path. */
export function configWith(folder: string, granules: readonly string[] | undefined, ...changes: readonly (readonly [string | RegExp, string])[]): string {
  let text = readFileSync(CONFIG, 'utf8').replace('granules: ["*.h5"]', granules ? `granules: ${JSON.stringify(granules)}` : '');
  for (const [from, to] of changes) {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${from} is not in the config of the example`);
    text = changed;
  }
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'test.magg.yaml');
  writeFileSync(path, text);
  return path;
}

/** Copies granules of the example into a folder; returns their paths there. */
export function copyGranules(folder: string, granules: readonly string[]): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return granules.map(granule => {
    const path = join(folder, basename(granule));
    copyFileSync(granule, path);
    return path;
  });
}

export const eventsOf = ({ out }: Ended): readonly RunEvent[] => out.split('\n').filter(Boolean).map(line => JSON.parse(line) as RunEvent);

export function eventsOfType<T extends RunEvent['type']>(ended: Ended, type: T): readonly Extract<RunEvent, { type: T }>[] {
  return eventsOf(ended).filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** The chunk of an array of group 12, as text that is equal for equal bytes; `absent` where it was not written. */
export function chunkOf(store: string, array: string, place: number): string {
  const path = join(store, '12', array, 'c', String(place));
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'absent';
}

export const VARIABLES = ['count', 'h_min', 'h_max', 'h_mean', 'h_sigma', 'h_variance', 'h_q25', 'h_q50', 'h_q75'];

/** What stands at or beside the path of a store: the store itself, its journal, drafts. */
export const tracesOf = (store: string): readonly string[] => (existsSync(dirname(store)) ? readdirSync(dirname(store)).filter(name => name.startsWith(basename(store))) : []);
