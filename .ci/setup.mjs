// What a fresh clone lacks, made only when what it is made of has changed. Node's own modules only: this runs before `npm ci`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bundleSources, bundleStamp, keep, root, unchanged } from './sources.mjs';

/** The virtual environment's programs first; its `tools` folder holds uv. */
export const env = {
  ...process.env,
  VIRTUAL_ENV: join(root, '.venv'),
  PATH: [join(root, '.venv/bin'), join(root, '.venv/tools/bin'), process.env.PATH].join(delimiter),
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_ROOT_USER_ACTION: 'ignore',
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1'
};

/** Runs a program in the project folder with its output shown; true when it ends with 0. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { cwd: root, stdio: 'inherit', env, ...options });
  if (done.error && options.stdio !== 'ignore') console.error(`${program}: ${done.error.message}`);
  return done.status === 0;
}

/** The same beside other work. */
export function runBeside(program, args) {
  return new Promise(done => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env });
    child.on('error', error => (console.error(`${program}: ${error.message}`), done(false)));
    child.on('exit', code => done(code === 0));
  });
}

/** `npm ci`, when the lockfile changed since the last one. */
export function nodePackages() {
  const stamp = 'node_modules/.magg-lock';
  if (unchanged(stamp, ['package-lock.json'])) return true;
  console.error('magg: installing node packages (about a minute, once)');
  // What npm says goes to stderr: stdout belongs to the command that was asked for.
  if (!run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 2, 2] })) return false;
  keep(stamp, ['package-lock.json']);
  return true;
}

/** The command-line bundle and what is generated for it, when a source changed since the last build. */
export function commandBundle() {
  if (existsSync(join(root, 'magg/bundle/magg.mjs')) && unchanged(bundleStamp, bundleSources)) return true;
  console.error('magg: building the command');
  return run(process.execPath, ['.ci/generate.mjs'], { stdio: ['ignore', 2, 2] }) && run(process.execPath, ['.ci/webpack.config.mjs'], { stdio: ['ignore', 2, 2] });
}

const pythonIsGood = program => {
  const done = spawnSync(program, ['-c', 'import sys, venv; print(sys.version_info >= (3, 11))'], { encoding: 'utf8' });
  return done.status === 0 && done.stdout.trim() === 'True';
};

/** A Python that zarr 3 runs on (3.11); magg itself needs 3.10. */
function findPython() {
  const programs = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.14', '/usr/bin/python3'];
  return programs.find(pythonIsGood) ?? (process.getuid?.() === 0 && aptInstall('python3') ? programs.find(pythonIsGood) : undefined);
}

/** Debian or Ubuntu package, as root only. */
export function aptInstall(name) {
  const options = { stdio: ['ignore', 'ignore', 2], env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  return run('apt-get', ['update', '-qq'], options) && run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
}

/** `.venv` with everything of the extra `test` in pyproject.toml, when that changed since the last time. */
export function pythonPackages() {
  const stamp = '.venv/.magg-packages', sources = ['pyproject.toml', '.ci/setup.mjs'];
  if (existsSync(join(root, '.venv/bin/python')) && unchanged(stamp, sources)) return true;
  const python = findPython();
  if (python === undefined) {
    console.error('magg: the tests need Python 3.11 or later (zarr 3 does); none was found on the PATH and none could be installed with apt-get');
    return false;
  }
  // A folder that moved, or a Python that is gone, leaves an environment that cannot start.
  if (existsSync(join(root, '.venv')) && !pythonIsGood(join(root, '.venv/bin/python'))) rmSync(join(root, '.venv'), { recursive: true });
  // Without pip: Debian's python3 has no ensurepip. uv comes from any pip there is and does the rest in seconds.
  const made = existsSync(join(root, '.venv')) || run(python, ['-m', 'venv', '--without-pip', '.venv']);
  const uv = ['install', '-q', '--upgrade', '--target', join(root, '.venv/tools'), 'uv>=0.11'];
  // The PATH as it was: the environment's own python3 has no pip.
  const outside = { env: { ...env, PATH: process.env.PATH, VIRTUAL_ENV: '' } };
  if (!made || !(run('python3', ['-m', 'pip', ...uv], outside) || run('pip3', uv, outside) || run('pip', uv, outside))) return false;
  if (!run('uv', ['pip', 'install', '-q', '-r', 'pyproject.toml', '--extra', 'test'])) return false;
  // Our package.json says `type: module`; JupyterLab's own scripts, which Node finds below it, are CommonJS.
  writeFileSync(join(root, '.venv/package.json'), '{}\n');
  keep(stamp, sources);
  return true;
}

/** Chromium for the interface tests: one that is there, else the distribution's. */
export function browser() {
  const there = ['chromium', 'chromium-browser', 'google-chrome'].some(name => run(name, ['--version'], { stdio: 'ignore' }));
  if (there) return true;
  if (process.getuid?.() === 0) return aptInstall('chromium');
  console.error('magg: no Chromium on the PATH; install it (apt-get install chromium)');
  return false;
}
