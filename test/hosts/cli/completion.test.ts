import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
mkdirSync(join(folder, 'out.zarr'));
writeFileSync(join(folder, 'my config.yaml'), '');

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** What bash offers for the last of these words. */
async function bash(...words: string[]): Promise<readonly string[]> {
  const { out } = await runMagg(['completion', 'bash']);
  const script = `${out}
COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_magg; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile', '-c', script], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter(Boolean).sort();
}

/** Commands and long options as the help shows them: what the script must offer. */
async function helped(...words: string[]): Promise<readonly string[]> {
  const { out } = await runMagg([...words, '--help']);
  return [...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(match => match[1]!).sort();
}

test('bash: every command and every option that the help shows', async () => {
  const { out } = await runMagg(['--help']);
  const commands = [...out.slice(out.indexOf('Commands:'), out.indexOf('Examples:')).matchAll(/^ {2}([a-z]+) /gm)].map(match => match[1]!);
  expect(commands).toEqual(expect.arrayContaining(['run', 'status', 'verify', 'diff', 'completion']));
  expect(await bash('magg', '')).toEqual(expect.arrayContaining(commands));
  for (const command of commands.filter(name => name !== 'help')) expect(await bash('magg', command, '--')).toEqual(await helped(command));
  expect(await bash('magg', 'st')).toEqual(['status']);
  expect(await bash('magg', 'run', '--s')).toEqual(['--sample', '--seed', '--store']);
  expect(await bash('magg', 'run', '--region')).toEqual([]);
});

test('bash: values of options, files for paths, nothing for numbers', async () => {
  expect(await bash('magg', 'run', '--driver', '')).toEqual(['auto', 'file', 'https', 's3']);
  expect(await bash('magg', 'run', '--driver', '=', 'f')).toEqual(['file']);
  expect(await bash('magg', 'run', '--store', 'o')).toEqual(['out.zarr']);
  expect(await bash('magg', 'run', 'my')).toEqual(['my config.yaml']);
  expect(await bash('magg', 'status', '')).toEqual(['my config.yaml', 'out.zarr']);
  expect(await bash('magg', 'run', '--workers', '')).toEqual([]);
  expect(await bash('magg', 'completion', '')).toEqual(['bash', 'fish', 'zsh']);
  expect(await bash('magg', 'help', 'ver')).toEqual(['verify']);
});

test.each(['zsh', 'fish'])('%s takes the script, where it is installed', async shell => {
  const { code, out } = await runMagg(['completion', shell]);
  expect(code).toBe(0);
  expect(out).toMatch(/--?l? ?allow-partial/);
  for (const option of await helped('catalog')) expect(out).toContain(option.replace('--', shell === 'fish' ? '-l ' : '--'));
  expect(out).not.toContain('function-name');
  if (!has(shell)) return;
  const file = join(folder, `script.${shell}`);
  writeFileSync(file, out);
  expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test('another shell is refused with those that there are', async () => {
  expect(await runMagg(['completion', 'tcsh'])).toMatchObject({ code: 2, err: expect.stringContaining('Allowed choices are bash, zsh, fish') as string });
});
