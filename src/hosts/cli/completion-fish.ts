import type { CompletedCommand, CompletedOption } from './completion-words.js';

/** The script for fish. */
export function fishScript(commands: readonly CompletedCommand[], own: readonly CompletedOption[]): string {
  const first = '__fish_use_subcommand';
  const lines = [
    '# magg for fish: magg completion fish | source',
    'complete -c magg -f',
    ...own.map(option => optionLine(first, option)),
    ...commands.map(({ name, description }) => `complete -c magg -n ${first} -a ${name} -d ${quoted(description)}`),
    `complete -c magg -n ${first} -a help -d 'what a command does'`,
    ...commands.flatMap(({ name, options, args }) => {
      const inside = `'__fish_seen_subcommand_from ${name}'`;
      const [values] = args;
      return [
        ...options.map(option => optionLine(inside, option)),
        ...(values?.kind === 'path' ? [`complete -c magg -n ${inside} -F`] : values?.kind === 'choices' ? [`complete -c magg -n ${inside} -a ${quoted(values.choices.join(' '))}`] : [])
      ];
    })
  ];
  return `${lines.join('\n')}\n`;
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, character => `\\${character}`)}'`;

function optionLine(condition: string, { flags, description, values }: CompletedOption): string {
  const names = flags.map(flag => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
  const value = !values ? '' : values.kind === 'path' ? ' -r -F' : values.kind === 'choices' ? ` -x -a ${quoted(values.choices.join(' '))}` : ' -x';
  return `complete -c magg -n ${condition} ${names}${value} -d ${quoted(description)}`;
}
