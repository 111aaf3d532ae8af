import type { CompletedCommand, CompletedOption, Values } from './completion-words.js';

/** The script for bash; it needs nothing but bash 3.2, which macOS has. */
export function bashScript(commands: readonly CompletedCommand[], own: readonly CompletedOption[]): string {
  const flagsOf = (options: readonly CompletedOption[]): string => options.flatMap(({ flags }) => flags).join(' ');
  return `# magg for bash: eval "$(magg completion bash)"
_magg() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -le 1 ]; then
    COMPREPLY=($(compgen -W "${[...commands.map(({ name }) => name), 'help'].join(' ')} ${flagsOf(own)}" -- "$word"))
    return
  fi
  # --option=value comes as three words.
  if [ "$word" = "=" ]; then word=""; elif [ "$before" = "=" ]; then before="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  case "$command $before" in
${commands.flatMap(({ name, options }) => options.filter(({ values }) => values).map(({ flags, values }) => `    ${flags.map(flag => `"${name} ${flag}"`).join('|')}) ${valuesLine(values!)} ;;`)).join('\n')}
  esac
  case "$command" in
${commands.map(({ name, options, args }) => `    ${name})
      case "$word" in
        -*) COMPREPLY=($(compgen -W "${flagsOf(options)}" -- "$word")) ;;
        *) ${wordsLine(args)} ;;
      esac ;;`).join('\n')}
    help) COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$word")) ;;
  esac
}
complete -F _magg magg
`;
}

const FILES = `local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$word"))`;

function valuesLine(values: Values): string {
  switch (values.kind) {
    case 'choices':
      return `COMPREPLY=($(compgen -W "${values.choices.join(' ')}" -- "$word")); return`;
    case 'path':
      return `${FILES}; return`;
    case 'other':
      return 'return';
  }
}

function wordsLine(args: readonly Values[]): string {
  const [first] = args;
  if (!first || first.kind === 'other') return ':';
  return first.kind === 'path' ? FILES : `COMPREPLY=($(compgen -W "${first.choices.join(' ')}" -- "$word"))`;
}
