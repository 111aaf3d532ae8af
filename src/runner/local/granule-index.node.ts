import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { MaggError } from '../../base/index.js';
import type { GranuleIndexStore } from './granule-index.js';

/** Indexes as files `<granule id>.index.json` of a folder, which is made by the first one. They are replaced by renaming: nobody sees half of one. */
export function folderIndexes(folder: string): GranuleIndexStore {
  const fileOf = (id: string): string => join(folder, `${id.replace(/[^\w.+-]/g, '_')}.index.json`);
  return {
    folder,
    sha256: bytes => createHash('sha256').update(bytes).digest(),
    load(id) {
      try {
        return Promise.resolve(readFileSync(fileOf(id)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Promise.resolve(undefined);
        return Promise.reject(new MaggError('bad-index', `the saved index ${fileOf(id)} could not be read: ${(error as Error).message}`, { cause: error }));
      }
    },
    save(id, bytes) {
      const file = fileOf(id);
      const part = `${file}.${process.pid}-${threadId}.part`;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(part, bytes);
        renameSync(part, file);
        return Promise.resolve();
      } catch (error) {
        rmSync(part, { force: true });
        return Promise.reject(new MaggError('io', `the index ${file} could not be written: ${(error as Error).message}; give a folder that can be written with --index`, { cause: error, context: { file } }));
      }
    }
  };
}
