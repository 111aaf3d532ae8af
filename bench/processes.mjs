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

const watch = `import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.stdout.buffer.write(done.stdout[-100000:])
sys.exit(done.returncode)`;

/** Seconds, largest resident memory in MB (macOS counts in bytes, Linux in KiB) and the last line of what a program writes. */
export function watched(words) {
  const lines = start([python, '-c', watch, ...words]).output.trim().split('\n');
  const [seconds, size] = lines[0].split(' ').map(Number);
  return { seconds, peak: (size * (process.platform === 'darwin' ? 1 : 1024)) / 1e6, lastLine: lines.at(-1) };
}

export const peakMB = words => watched(words).peak;

/** Seconds of every work, interleaved so that a busy moment hits all alike; the caller takes minima. */
export function interleave(rounds, works) {
  const seconds = works.map(() => []);
  for (let round = 0; round < rounds; round++) works.forEach((work, i) => seconds[i].push(work()));
  return seconds;
}

export const least = list => Math.min(...list);
