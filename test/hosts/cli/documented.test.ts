import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runMagg } from './run-magg.js';

const text = readFileSync(resolve(__dirname, '../../../docs/cli.md'), 'utf8');

test('docs/cli.md has a section for every command and names every option of it', async () => {
  const { out } = await runMagg(['--help']);
  const commands = [...out.slice(out.indexOf('Commands:'), out.indexOf('Examples:')).matchAll(/^ {2}([a-z]+) /gm)].map(match => match[1]!).filter(name => name !== 'help');
  expect(commands.length).toBeGreaterThan(8);
  for (const command of commands) {
    const [, section = ''] = new RegExp(`\\n## \`magg ${command}[^\\n]*\\n([^]*?)(?=\\n## |$)`).exec(text) ?? [];
    const options = [...(await runMagg([command, '--help'])).out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(match => match[1]!);
    expect({ command, missing: options.filter(option => !section.includes(option)) }).toEqual({ command, missing: [] });
    expect(section.length).toBeGreaterThan(100);
  }
});
