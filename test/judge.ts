import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A judge that hangs must not hang the tests. */
const DEADLINE_MS = 120_000;
const venv = resolve(__dirname, '../.venv/bin/python');

/**
 * Runs a Python program that judges or makes test data: numpy, h5py, healpy, zarr. `program` is a file below `test/` or
 * Python source with a newline in it. Returns what it prints; a failure of the program fails the test with its error text.
 */
export function judge(program: string, args: readonly string[] = [], input?: string | Uint8Array): Buffer {
  const python = process.env.MAGG_PYTHON ?? (existsSync(venv) ? venv : 'python3');
  const how = program.includes('\n') ? ['-c', program] : [resolve(__dirname, program)];
  const done = spawnSync(python, [...how, ...args], { input, maxBuffer: 1 << 30, timeout: DEADLINE_MS });
  if (done.status !== 0) throw new Error(`${program.slice(0, 80)}: exit ${done.status ?? done.signal}\n${done.stderr?.toString() ?? String(done.error)}`);
  return done.stdout;
}

/** The judge's answer as JSON; `NaN` and `Infinity`, which Python writes, must be sent as text or null. */
export function judgeJson<T>(program: string, args: readonly string[] = [], input?: string | Uint8Array): T {
  return JSON.parse(judge(program, args, input).toString()) as T;
}
