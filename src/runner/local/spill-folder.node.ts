import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { MaggError } from '../../base/index.js';
import { codeOf, fileError } from '../../io/file-error.node.js';
import type { SpillFile, SpillHost } from './spill-file.js';

/** Files of another machine, whose processes cannot be asked, count as left behind after a week. */
const STALE_MS = 7 * 86_400_000;
const machine = (): string => hostname().replace(/[^A-Za-z0-9]+/g, '_') || 'host';

/** Spill files of this process in a folder of this machine; the folder is made when the first is needed. */
export function spillFolder(folder: string): SpillHost {
  return {
    async create() {
      await Promise.resolve();
      const path = join(folder, `spill-${machine()}-${process.pid}-${randomBytes(6).toString('hex')}.bin`);
      try {
        mkdirSync(folder, { recursive: true });
        return spillFile(path, openSync(path, 'wx'));
      } catch (error) {
        throw spillError(error, path, 'could not be made');
      }
    },
    async open(name) {
      await Promise.resolve();
      try {
        return spillFile(name, openSync(name, 'r'));
      } catch (error) {
        throw spillError(error, name, 'could not be opened');
      }
    },
    async remove(name) {
      await Promise.resolve();
      rmSync(name, { force: true });
    }
  };
}

function spillFile(name: string, descriptor: number): SpillFile {
  let isOpen = true;
  return {
    name,
    append(bytes) {
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done);
      } catch (error) {
        throw spillError(error, name, 'could not be written');
      }
    },
    read(at, into) {
      try {
        for (let done = 0; done < into.length; ) {
          const count = readSync(descriptor, into, done, into.length - done, at + done);
          if (count === 0) throw new MaggError('io', `${name} ends at ${at + done}, expected ${at + into.length} bytes: something else has changed it; run again`);
          done += count;
        }
      } catch (error) {
        throw spillError(error, name, 'could not be read');
      }
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    }
  };
}

function spillError(thrown: unknown, path: string, failed: string): MaggError {
  const error = fileError(thrown, path, failed);
  if (thrown instanceof MaggError || !['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(thrown) ?? '')) return error;
  return new MaggError(
    'disk-full',
    `${path} ${failed}: no room is left on its disk (${codeOf(thrown)}). It takes the rows that do not fit into memory: set run.memory larger, use fewer workers, compute fewer granules at once, or put the store on another disk. Nothing of the store was changed.`,
    { cause: thrown, context: { file: path } }
  );
}

/**
 * Removes the spill files in a folder that no process needs any more: those of this process, and those that a process which was
 * killed has left behind. The folder goes when it is empty then.
 */
export function removeSpills(folder: string): void {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return;
    throw fileError(error, folder, 'could not be listed');
  }
  for (const name of names) {
    const path = join(folder, name);
    const [, owner, pid] = /^spill-([A-Za-z0-9_]+)-(\d+)-[0-9a-f]{12}\.bin$/.exec(name) ?? [];
    if (owner === undefined) continue;
    if (owner === machine() ? !isNeeded(Number(pid)) : isStale(path)) rmSync(path, { force: true });
  }
  try {
    rmdirSync(folder);
  } catch {
    // Not empty, usually: the journal stands in it.
  }
}

function isNeeded(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM'; // alive, but somebody else's
  }
}

function isStale(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && Date.now() - status.mtimeMs > STALE_MS;
}
