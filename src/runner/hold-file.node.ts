import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { MaggError } from '../base/index.js';
import { codeOf, fileError } from '../io/file-error.node.js';

/** Who holds a file. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** What tells this process from a later one of the same number; empty where the system does not say. */
  readonly born: string;
}

/**
 * Makes a file that says that this process is writing `what`; returns what removes it again. A file of a process that is gone is
 * taken over. Throws `locked` with the name of the process that has it.
 */
export function holdFile(path: string, what: string): () => void {
  const own = JSON.stringify({ pid: process.pid, host: hostname(), born: bornOf(process.pid) ?? '', id: randomBytes(6).toString('hex') });
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, own, { flag: 'wx' });
      return () => {
        if (read(path) === own) rmSync(path, { force: true });
      };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw fileError(error, path, 'could not be written');
    }
    const text = read(path);
    const holder = text === undefined ? undefined : holderOf(text);
    if (text !== undefined && (attempt > 0 || !holder || isAlive(holder))) throw locked(path, what, holder);
    rmSync(path, { force: true }); // left by a process that was killed
  }
}

/** Who holds a file, such as `process 4711`; undefined when nobody does who is alive. */
export function whoHolds(path: string): string | undefined {
  const text = read(path);
  if (text === undefined) return undefined;
  const holder = holderOf(text);
  return !holder || isAlive(holder) ? nameOf(holder) : undefined;
}

function nameOf(holder: Holder | undefined): string {
  return !holder ? 'another run' : holder.host === hostname() ? `process ${holder.pid}` : `process ${holder.pid} of the machine ${holder.host}`;
}

function locked(path: string, what: string, holder: Holder | undefined): MaggError {
  return new MaggError('locked', `${nameOf(holder)} is writing ${what}; wait for it to end, or remove ${path} if it has died`);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw fileError(error, path, 'could not be read');
  }
}

/** Undefined for a file that its process has not filled yet, or that is none of ours. */
function holderOf(text: string): Holder | undefined {
  if (/^\d+$/.test(text)) return { pid: Number(text), host: hostname(), born: '' }; // as the first version wrote it
  try {
    const { pid, host, born } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, born: born ?? '' } : undefined;
  } catch {
    return undefined;
  }
}

/** On another machine nobody can tell: then it counts as alive. */
function isAlive({ pid, host, born }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM'; // alive, but somebody else's
  }
  const now = bornOf(pid);
  return now !== 'dead' && (born === '' || now === undefined || now === born);
}

/** When a process began, in ticks since the machine did; `dead` for one that waits to be buried; undefined where /proc is not. */
function bornOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // Other systems have no such file: then the number alone must do.
    return undefined;
  }
  // After the name in brackets: state is field 3, start time field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'dead' : fields[19];
}
