// Programs measured from outside: wall time, start of the process included, and peak memory.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const python = [join(root, '.venv/bin/python')].find(existsSync) ?? 'python3';
const bundle = join(root, 'magg/bundle/magg.mjs');

/** Runs `[program, ...args]`; an exit code that is not among `codes` ends the bench with what the program said. */
export function start([program, ...args], codes = [0]) {
  const t = performance.now();
  const done = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 30 });
  const seconds = (performance.now() - t) / 1000;
  if (!codes.includes(done.status)) throw new Error(`${program} ${args.slice(0, 8).join(' ')}: exit ${done.status}\n${done.stderr || done.error}`);
  return { seconds, output: done.stdout };
}

export const magg = (...args) => [process.execPath, bundle, ...args];

const watch = 'import resource, subprocess, sys\nstatus = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n' +
  'print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\nsys.exit(status)';
/** Largest resident memory of the process in MB; macOS counts in bytes, Linux in KiB. */
export function peakMB(words) {
  const { output } = start([python, '-c', watch, ...words]);
  return (Number(output) * (process.platform === 'darwin' ? 1 : 1024)) / 1e6;
}

/** Seconds of every work, interleaved so that a busy moment hits all alike; the caller takes minima. */
export function interleave(rounds, works) {
  const seconds = works.map(() => []);
  for (let round = 0; round < rounds; round++) works.forEach((work, i) => seconds[i].push(work()));
  return seconds;
}

export const least = list => Math.min(...list);
