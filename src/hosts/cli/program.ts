import { Command, CommanderError } from 'commander';
import { version } from '../../../package.json';
import { toErrorRecord } from '../../base/index.js';
import { addCatalog, addCompletion, addDiff, addInit, addInspect, addRun, addStatus, addValidate, addVerify } from './command-line.js';
import { printable, type CliHost } from './cli-host.js';
import { EXIT, REFUSALS, type ExitCode } from './exit-codes.js';

/** The command `magg` with these words after its name. Never rejects: what goes wrong is written and has an exit code. */
export async function magg(words: readonly string[], host: CliHost): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  try {
    await commands(host, ended => (code = ended)).parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    const { tag, message, code: failure } = failureOf(error);
    if (failure !== EXIT.ok && words.includes('--json')) host.out(`${JSON.stringify({ type: 'error', tag, message, exit_code: failure })}\n`);
    if (error instanceof CommanderError) return failure;
    host.err(`magg: ${tag === 'cancelled' ? 'cancelled' : printable(message)}\n`);
    if (tag === 'internal' && error instanceof Error) host.err(`${error.stack}\nThis is a fault of magg: please report it with the lines above.\n`);
    return failure;
  }
}

function failureOf(error: unknown): { readonly tag: string; readonly message: string; readonly code: ExitCode } {
  if (error instanceof CommanderError) {
    // Commander has written it to standard error already.
    return { tag: 'usage', message: error.message.replace(/^error: /, ''), code: error.exitCode === 0 ? EXIT.ok : EXIT.refused };
  }
  const { tag, message } = toErrorRecord(error);
  return { tag, message, code: tag === 'cancelled' ? EXIT.cancelled : REFUSALS.has(tag) ? EXIT.refused : EXIT.failed };
}

function commands(host: CliHost, finish: (code: ExitCode) => void): Command {
  const program = new Command('magg')
    .description('Point observations in HDF5 granules to statistics per HEALPix cell in a Zarr store.')
    .version(version)
    // `magg --version` is that of the program, `magg catalog --version` that of the product.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: host.out, writeErr: host.err })
    .addHelpText(
      'after',
      `
Examples:
  magg run examples/greenland/greenland.magg.yaml      the example, to the store its config names
  magg run my.yaml --catalog cells.json --store out.zarr --workers 2
  magg catalog --from 'granules/*.h5' --parent-order 6 --output cells.json
  magg init granule.h5                                  a config from a granule
  magg status out.zarr --watch                          how far a run has come
  magg verify out.zarr

Exit codes: 0 all cells finished or empty; 3 some written, some failed; 1 none written or the run broke;
2 nothing was started; 130 cancelled.`
    );
  addRun(program, host, finish);
  addCatalog(program, host, finish);
  addInit(program, host, finish);
  addValidate(program, host, finish);
  addInspect(program, host, finish);
  addStatus(program, host, finish);
  addVerify(program, host, finish);
  addDiff(program, host, finish);
  addCompletion(program, host, finish);
  return program;
}
