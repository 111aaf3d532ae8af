import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MaggError } from '../base/index.js';
import { codeOf, fileError } from '../io/file-error.node.js';
import { planDocument, type OpenJournal } from './journal.js';

/** Folder of the journal of the group `childOrder` of a local store: beside the store, not in it. */
export const journalFolder = (storePath: string, childOrder: number): string => join(`${storePath.replace(/[/\\]+$/, '')}.magg`, String(childOrder));

/** Journals of a local store as files: `plan.json`, `events-<run>.jsonl`, `lock`. */
export function fileJournal(storePath: string): OpenJournal {
  return (plan, { replace }) => {
    const folder = journalFolder(storePath, plan.childOrder);
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw fileError(error, folder, 'could not be made');
    }
    const lock = join(folder, 'lock');
    takeLock(lock, storePath);
    try {
      if (replace) clear(folder);
      writeFileSync(join(folder, 'plan.json'), planDocument(plan));
      const path = join(folder, `events-${runName()}.jsonl`);
      const file = openSync(path, 'a');
      let open = true;
      return {
        write: event => {
          try {
            writeSync(file, `${JSON.stringify(event)}\n`);
          } catch (error) {
            throw fileError(error, path, 'could not be written');
          }
        },
        close: () => {
          if (!open) return;
          open = false;
          closeSync(file);
          rmSync(lock, { force: true });
        }
      };
    } catch (error) {
      rmSync(lock, { force: true });
      throw fileError(error, folder, 'could not be filled');
    }
  };
}

/** Ascending with time, and never the same twice. */
const runName = (): string => `${new Date().toISOString().replace(/[-:.]/g, '')}-${randomBytes(3).toString('hex')}`;

function takeLock(lock: string, storePath: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw fileError(error, lock, 'could not be written');
      const owner = Number(readFileSync(lock, 'utf8'));
      if (attempt > 0 || isAlive(owner)) {
        throw new MaggError('locked', `process ${owner} is writing ${storePath}; wait for it to end, or remove ${lock} if it runs on another machine that has died`);
      }
      rmSync(lock, { force: true }); // left by a process that was killed
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // alive, but somebody else's
  }
}

/** Removes the record of earlier runs, and nothing that is not ours. */
function clear(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name === 'plan.json' || /^events-.*\.jsonl$/.test(name)) rmSync(join(folder, name), { force: true });
  }
}
