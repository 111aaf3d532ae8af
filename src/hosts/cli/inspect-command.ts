import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { MaggError } from '../../base/index.js';
import { isUrl } from '../../catalog/index.js';
import type { Fallback } from '../../hdf5/index.js';
import { nodeLibrary } from '../../hdf5/node-library.node.js';
import { printable, type CliHost } from './cli-host.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { inspectCatalog } from './inspect-catalog.js';
import { notTheStore } from './inspect-folder.js';
import { inspectGranule } from './inspect-granule.js';
import { inspectZarr } from './inspect-zarr.js';
import { readText, reasonOf } from './read-text.js';

/** What `magg inspect` found: lines for a person, and the same as data. */
export interface Inspection {
  readonly lines: readonly string[];
  readonly data: unknown;
}

/** `magg inspect`: the kind of thing is told from what is there, not from its name. */
export async function inspectCommand(path: string, json: boolean, { out, libraryUrl }: CliHost): Promise<ExitCode> {
  const { lines, data } = await inspect(path, nodeLibrary(libraryUrl));
  out(json ? `${JSON.stringify(data)}\n` : `${lines.map(printable).join('\n')}\n`);
  return EXIT.ok;
}

const KINDS = 'expected a granule (HDF5), a Zarr store or a catalog (JSON)';

async function inspect(path: string, fallback: Fallback): Promise<Inspection> {
  if (isUrl(path)) return inspectGranule(path, fallback);
  if (!existsSync(path)) throw new MaggError('usage', `${path} does not exist; ${KINDS}`);
  const stat = statSync(path);
  if (stat.isDirectory()) {
    const other = notTheStore(path);
    if (other) throw other;
    return inspectZarr(path);
  }
  if (!stat.isFile()) throw new MaggError('usage', `${path} is no regular file; ${KINDS}`);
  const start = startOf(path);
  if (start.trimStart().startsWith('{')) {
    const text = readText(path, 'the file', 'usage', KINDS);
    if (/"data_source"\s*:/.test(text.slice(0, 4000))) throw isConfig(path);
    return inspectCatalog(text, path);
  }
  try {
    return await inspectGranule(path, fallback);
  } catch (error) {
    if (!(error instanceof MaggError) || error.tag !== 'not-hdf5') throw error;
    if (/^(data_source|aggregation|output)\s*:/m.test(start)) throw isConfig(path);
    throw new MaggError('usage', `${path} ${stat.size === 0 ? 'is empty' : 'is none of the things that magg knows'}; ${KINDS}`, { cause: error });
  }
}

const isConfig = (path: string): MaggError => new MaggError('usage', `${path} is a config; check it with: magg validate ${path}`);

/** The first characters of a file. */
function startOf(path: string): string {
  const head = new Uint8Array(8192);
  try {
    const file = openSync(path, 'r');
    try {
      return new TextDecoder().decode(head.subarray(0, readSync(file, head, 0, head.length, 0)));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new MaggError('usage', `${path} could not be read: ${reasonOf(cause)}; ${KINDS}`, { cause });
  }
}
