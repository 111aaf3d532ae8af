import type { Command } from 'commander';
import type { CliHost } from './cli-host.js';
import { bashScript } from './completion-bash.js';
import { fishScript } from './completion-fish.js';
import { completedCommands, programOptions } from './completion-words.js';
import { zshScript } from './completion-zsh.js';
import { EXIT, type ExitCode } from './exit-codes.js';

export const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `magg completion`: a script that a shell completes by, made from the definitions of the commands. */
export function completionCommand(shell: keyof typeof SHELLS, program: Command, { out }: CliHost): ExitCode {
  out(SHELLS[shell](completedCommands(program), programOptions(program)));
  return EXIT.ok;
}
