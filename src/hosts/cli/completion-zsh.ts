import type { CompletedCommand, CompletedOption, Values } from './completion-words.js';

/** The script for zsh. */
export function zshScript(commands: readonly CompletedCommand[], own: readonly CompletedOption[]): string {
  return `#compdef magg
# magg for zsh: eval "$(magg completion zsh)", after compinit
_magg() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C ${own.map(optionSpec).join(' ')} '1:command:->command' '*::argument:->argument' && return
  case $state in
    command)
      local -a commands
      commands=(${[...commands.map(({ name, description }) => quoted(`${name}:${description}`)), quoted('help:what a command does')].join(' ')})
      _describe command commands ;;
    argument)
      case $line[1] in
${commands.map(({ name, options, args }) => `        ${name}) _arguments ${[...options.map(optionSpec), ...args.map((values, i) => quoted(`${i + 1}:argument:${action(values)}`))].join(' ')} ;;`).join('\n')}
        help) _values command ${commands.map(({ name }) => name).join(' ')} ;;
      esac ;;
  esac
}
compdef _magg magg
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function optionSpec({ flags, description, values }: CompletedOption): string {
  // Brackets and colons end a part of the specification.
  const what = description.replace(/[[\]:\\]/g, character => `\\${character}`);
  return flags.map(flag => quoted(`*${flag}[${what}]${values ? `:value:${action(values)}` : ''}`)).join(' ');
}

function action(values: Values): string {
  switch (values.kind) {
    case 'choices':
      return `(${values.choices.join(' ')})`;
    case 'path':
      return '_files';
    case 'other':
      return ' ';
  }
}
