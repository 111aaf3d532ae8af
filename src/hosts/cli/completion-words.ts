import type { Argument, Command, Option } from 'commander';

/** What may stand as a value: one of a list, the path of a file or folder, or something that nobody can guess. */
export type Values = { readonly kind: 'choices'; readonly choices: readonly string[] } | { readonly kind: 'path' } | { readonly kind: 'other' };

export interface CompletedOption {
  /** `--store`; the short one, where there is one, is in the list too. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined for an option without a value. */
  readonly values: Values | undefined;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Of the arguments, in their order; the last one counts for all further ones. */
  readonly args: readonly Values[];
}

/** What can be completed, read from the program's own definition; hidden commands and options are left out. */
export function completedCommands(program: Command): readonly CompletedCommand[] {
  return program.createHelp().visibleCommands(program).filter(command => command.name() !== 'help').map(command => ({
    name: command.name(),
    description: command.summary() || command.description(),
    options: command.createHelp().visibleOptions(command).map(completedOption),
    args: command.registeredArguments.map(argument => valuesOf(argument, argument.name()))
  }));
}

/** Options of the program itself. */
export const programOptions = (program: Command): readonly CompletedOption[] => program.createHelp().visibleOptions(program).map(completedOption);

function completedOption(option: Option): CompletedOption {
  const hasValue = option.required || option.optional;
  const name = /[<[]([^\].>]+)/.exec(option.flags)?.[1] ?? '';
  return { flags: [option.short, option.long].filter(flag => flag !== undefined && flag !== null), description: option.description, values: hasValue ? valuesOf(option, name) : undefined };
}

/** Names of values that are paths, as the definitions write them. */
const PATHS: ReadonlySet<string> = new Set(['path', 'file', 'folder', 'config', 'store', 'granule', 'a', 'b']);

function valuesOf({ argChoices }: Pick<Option | Argument, 'argChoices'>, name: string): Values {
  if (argChoices && argChoices.length > 0) return { kind: 'choices', choices: argChoices };
  return PATHS.has(name) ? { kind: 'path' } : { kind: 'other' };
}
