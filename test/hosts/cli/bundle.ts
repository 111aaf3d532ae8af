import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(__dirname, '../../..');

const BUILD = `
const [sources, webpack, folder] = process.argv.slice(2);
const { bundleSources, bundleStamp, unchanged } = await import(sources);
if (unchanged(bundleStamp, bundleSources)) console.log('current');
else {
  const { build, nodeBundles } = await import(webpack);
  const entries = { magg: './src/hosts/cli/main.ts', thread: './src/runner/local/thread.node.ts', library: './src/hdf5/library-worker.node.ts' };
  if (!(await build([nodeBundles('command', entries, folder)]))) process.exit(1);
}
`;

/** The command as it is shipped: the built one when it is of these sources, else one built into `folder`. Returns the path of magg.mjs. */
export function bundle(folder: string): string {
  const place = (name: string): string => pathToFileURL(join(root, '.ci', name)).href;
  // A file, not -e: the processes of the minifier inherit the options of this one.
  const script = `${folder}.mjs`;
  writeFileSync(script, BUILD);
  const said = execFileSync(process.execPath, [script, place('sources.mjs'), place('webpack.config.mjs'), folder], { cwd: root, encoding: 'utf8' });
  return join(said.trim() === 'current' ? join(root, 'magg/bundle') : folder, 'magg.mjs');
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** Starts a program and collects what it writes; `at` hears of standard output so far, each time there is more. */
export function start(command: string, words: readonly string[], at: (out: string, child: ChildProcess) => void = () => undefined, options: { uid?: number; gid?: number; cwd?: string } = {}): Promise<Exit> {
  return new Promise((done, fail) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let out = '', err = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      at(out, child);
    });
    child.stderr.on('data', (data: Buffer) => (err += data.toString()));
    child.on('error', fail);
    child.on('close', (code, signal) => done({ code, signal, out, err }));
  });
}
