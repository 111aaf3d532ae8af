import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { MaggError } from '../../base/index.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { inspectCatalog } from './inspect-catalog.js';
import { inspectGranule } from './inspect-granule.js';
import { inspectZarr } from './inspect-zarr.js';

/** What `magg inspect` found: lines for a person, and the same as data. */
export interface Inspection {
  readonly lines: readonly string[];
  readonly data: unknown;
}

/** `magg inspect`: the kind of thing is told from what is there, not from its name. */
export async function inspectCommand(path: string, json: boolean): Promise<ExitCode> {
  const { lines, data } = await inspect(path);
  process.stdout.write(json ? `${JSON.stringify(data)}\n` : `${lines.join('\n')}\n`);
  return EXIT.ok;
}

async function inspect(path: string): Promise<Inspection> {
  if (/^https?:\/\//.test(path)) return inspectGranule(path);
  if (!existsSync(path)) throw new MaggError('usage', `${path} does not exist; give the path of a granule, a Zarr store or a catalog`);
  if (statSync(path).isDirectory()) return inspectZarr(path);
  if (startsAsJson(path)) return inspectCatalog(readFileSync(path, 'utf8'), path);
  return inspectGranule(path);
}

function startsAsJson(path: string): boolean {
  const head = new Uint8Array(64);
  const file = openSync(path, 'r');
  try {
    const length = readSync(file, head, 0, head.length, 0);
    return new TextDecoder().decode(head.subarray(0, length)).trimStart().startsWith('{');
  } finally {
    closeSync(file);
  }
}
