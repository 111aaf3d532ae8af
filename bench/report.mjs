// What was measured, line by line, and kept as JSON with the machine it was measured on.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { python, root } from './processes.mjs';

const lines = [];

/** One figure. `target` is `['<=' | '>=' | '=', number]`, or absent where the figure is only told. */
export function line(what, value, unit, target, detail) {
  const met = target === undefined ? undefined : target[0] === '<=' ? value <= target[1] : target[0] === '>=' ? value >= target[1] : value === target[1];
  lines.push({ what, value, unit, ...(target ? { target: target.join(' '), met } : {}), ...(detail ? { detail } : {}) });
  const number = Number.isInteger(value) ? value.toLocaleString('en') : value.toPrecision(3);
  const verdict = target ? `${target[0]} ${target[1].toLocaleString('en')}  ${met ? 'met' : 'NOT MET'}` : '';
  console.log(`${what.padEnd(58)} ${`${number} ${unit}`.padStart(18)}   ${verdict}`);
}

const said = (program, args) => {
  try {
    return execFileSync(program, args, { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown'; // a fact for the record only: a tree without git is no failure of the bench
  }
};

export function save(file) {
  const facts = {
    date: new Date().toISOString(),
    commit: said('git', ['rev-parse', '--short', 'HEAD']),
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    load: loadavg()[0],
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    python: said(python, ['-c', 'import platform, numpy, h5py, healpy; print(platform.python_version(), "numpy", numpy.__version__, "h5py", h5py.__version__, "healpy", healpy.__version__)'])
  };
  writeFileSync(file, `${JSON.stringify({ facts, lines }, null, 2)}\n`);
  const judged = lines.filter(l => l.met !== undefined);
  console.log(`\n${judged.filter(l => l.met).length} of ${judged.length} targets met; ${file.slice(root.length + 1)}`);
}
