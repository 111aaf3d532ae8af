import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf, fileError } from '../io/file-error.node.js';
import { holdFile } from './hold-file.node.js';
import type { HoldJournal, JournalFiles } from './journal.js';
import { storedPlanText } from './stored-plan.js';

/** Folder of the journal of the group `childOrder` of a local store: beside the store, not in it. */
export const journalFolder = (storePath: string, childOrder: number): string => join(`${storePath.replace(/[/\\]+$/, '')}.magg`, String(childOrder));

const EVENTS = /^events-(\d{6,})-[0-9a-f]+\.jsonl$/;
const PLAN = /^plan-[0-9a-f]{16}\.json$/;
/** As the first version named them: their plans are not known any more. */
const OLD = /^(plan\.json|events-\d{8}T\d+Z-[0-9a-f]+\.jsonl)$/;

/** The journal of a local store for reading; nothing is locked or changed. */
export function journalFiles(storePath: string, childOrder: number): JournalFiles {
  const folder = journalFolder(storePath, childOrder);
  const read = (name: string): Uint8Array => {
    try {
      return readFileSync(join(folder, name));
    } catch (error) {
      throw fileError(error, join(folder, name), 'could not be read');
    }
  };
  return {
    events: () => Promise.resolve().then(() => runFiles(folder).map(name => ({ name: name.replace(/\.jsonl$/, ''), bytes: read(name) }))),
    plan: id => Promise.resolve().then(() => (/^[0-9a-f]{16}$/.test(id) && existsSync(join(folder, planName(id))) ? new TextDecoder().decode(read(planName(id))) : undefined))
  };
}

/** Holds the journal of a local store as files: `plan-<id>.json`, `events-<number>-<random>.jsonl`, `lock`. */
export function fileJournal(storePath: string, childOrder: number): HoldJournal {
  return () => {
    const folder = journalFolder(storePath, childOrder);
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw fileError(error, folder, 'could not be made');
    }
    const release = holdFile(join(folder, 'lock'), storePath);
    let record: { readonly name: string; readonly file: number } | undefined;
    let kept: string | undefined;
    let isOpen = true;
    return {
      ...journalFiles(storePath, childOrder),
      keepPlan: plan => {
        try {
          writeWhole(join(folder, planName(plan.id)), storedPlanText(plan));
          kept = planName(plan.id);
        } catch (error) {
          throw fileError(error, folder, 'could not be filled');
        }
      },
      write: event => {
        if (!isOpen) return;
        try {
          record ??= newRecord(folder);
          writeLine(record.file, JSON.stringify(event));
        } catch (error) {
          throw fileError(error, record ? join(folder, record.name) : folder, 'could not be written');
        }
      },
      forgetEarlier: () => {
        try {
          clear(folder, [record?.name, kept]);
        } catch (error) {
          throw fileError(error, folder, 'could not be cleared');
        }
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        if (record) closeSync(record.file);
        if (record && kept === undefined) rmSync(join(folder, record.name), { force: true });
        release();
        for (const empty of [folder, dirname(folder)]) removeIfEmpty(empty);
      }
    };
  };
}

const planName = (id: string): string => `plan-${id}.json`;

/** Whole or not at all: a later run trusts it. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function writeLine(file: number, line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

/** Names of the events of each run, oldest first. Runs are numbered: clocks may jump. */
export function runFiles(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder).filter(name => EVENTS.test(name)) : [];
  return names.sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
}

const numberOf = (name: string): number => Number(EVENTS.exec(name)![1]);

function newRecord(folder: string): { readonly name: string; readonly file: number } {
  const last = runFiles(folder).at(-1);
  const number = last === undefined ? 1 : numberOf(last) + 1;
  const name = `events-${String(number).padStart(6, '0')}-${randomBytes(3).toString('hex')}.jsonl`;
  return { name, file: openSync(join(folder, name), 'ax') };
}

/** Removes the record of earlier runs, and nothing that is not ours. */
function clear(folder: string, keep: readonly (string | undefined)[]): void {
  for (const name of readdirSync(folder)) {
    if (keep.includes(name)) continue;
    if (EVENTS.test(name) || PLAN.test(name.replace(/\.draft$/, '')) || OLD.test(name)) rmSync(join(folder, name), { force: true });
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EACCES', 'EPERM', 'EROFS', 'EBUSY'].includes(codeOf(error) ?? '')) throw fileError(error, folder, 'could not be removed');
  }
}
