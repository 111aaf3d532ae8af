import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MaggError } from '../../base/index.js';
import { isUrl } from '../../catalog/index.js';
import type { PipelineConfig } from '../../config/index.js';
import { codeOf } from '../../io/file-error.node.js';
import { inFolder } from './plan-input.js';
import { reasonOf } from './read-text.js';

/** Where a run writes: the path of the command line, or that of the config, seen from the working folder. */
export function storePath(config: PipelineConfig, folder: string, given: string | undefined): string {
  const path = given ?? (config.store === undefined ? undefined : inFolder(folder, config.store));
  if (given === '') throw new MaggError('usage', '--store is empty; give --store PATH');
  if (path === undefined || path === '') throw new MaggError('usage', 'nowhere to write: the config has no output.store; give --store PATH');
  if (isUrl(path)) throw new MaggError('usage', `stores are written to local folders, ${path} is none; give --store PATH and copy the folder afterwards`);
  return path;
}

/**
 * Throws before anything is read when a store cannot be written there: `not-a-store` for a file, `store-not-writable` for a
 * folder without permission. What a folder holds is looked at by the run.
 */
export function assertWritable(path: string): void {
  const store = resolve(path);
  if (existsSync(store) && !statSync(store).isDirectory()) {
    throw new MaggError('not-a-store', `${path} is a file, not a store; it is left as it is. Choose another --store`);
  }
  const above = existing(dirname(store));
  // The journal lies beside the store, so the folder above must be writable too.
  for (const folder of new Set([existing(store), above])) {
    try {
      if (!statSync(folder).isDirectory()) throw new MaggError('store-not-writable', `${path} cannot be written: ${folder} is a file; choose another --store`);
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (cause) {
      if (cause instanceof MaggError) throw cause;
      throw new MaggError('store-not-writable', `${path} cannot be written: ${folder}: ${reasonOf(cause)}; change the permissions or choose another --store`, { cause });
    }
  }
  if (!existsSync(store) || !existsSync(`${store}.magg`)) assertRoom(path, above);
}

/** Some places let nothing be made in them whatever their permissions say, such as /proc, where Node's recursive way hangs. */
function assertRoom(path: string, folder: string): void {
  const trial = join(folder, `.magg-${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(trial);
    rmdirSync(trial);
  } catch (cause) {
    const reason = codeOf(cause) === 'ENOENT' ? 'no folder can be made in it' : reasonOf(cause);
    throw new MaggError('store-not-writable', `${path} cannot be written: ${folder}: ${reason}; choose another --store`, { cause });
  }
}

/** The path itself, or the nearest folder above that is there. */
function existing(path: string): string {
  for (let at = path; ; at = dirname(at)) if (existsSync(at) || at === dirname(at)) return at;
}
