import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { builtInNames } from '../../config/index.js';
import type { CatalogOptions } from './catalog-command.js';
import type { CliHost } from './cli-host.js';
import type { DiffOptions } from './diff-command.js';
import type { ExitCode } from './exit-codes.js';
import type { InitOptions } from './init-command.js';
import type { RunOptions } from './run-command.js';
import type { StatusOptions } from './status-command.js';
import type { VerifyOptions } from './verify-command.js';

// Commands are loaded when they are called: `magg --help` reads none of them.

type Finish = (code: ExitCode) => void;

const whole = (least: number, most = Number.MAX_SAFE_INTEGER) => (text: string): number => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new InvalidArgumentError(most === Number.MAX_SAFE_INTEGER ? `Expected a whole number of at least ${least}.` : `Expected a whole number from ${least} to ${most}.`);
};

const atLeastZero = (text: string): number => {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= 0 && value < Infinity) return value;
  throw new InvalidArgumentError('Expected a number of at least 0.');
};

const share = (text: string): number => {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a number above 0 and at most 1, such as 0.01.');
};

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const hidden = (flags: string): Option => new Option(flags).hideHelp();

/** `magg run`. */
export function addRun(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('run')
    .summary('compute the cells of a config')
    .description('Read granules, compute the statistics of every cell, write a Zarr v3 store.')
    .argument('[config]', `config file, or the name of a built-in one (${builtInNames().join(', ')})`)
    .option('--config <config>', 'the same as the argument')
    .option('--catalog <file>', 'cells and their granules; else those of the config')
    .option('--store <path>', 'where to write; else output.store of the config')
    .option('--workers <n>', 'threads (default: one per core)', whole(1))
    .option('--max-cells <n>', 'compute only the first n cells', whole(1))
    .option('--sample <share>', 'compute a random share of the cells (such as 0.01), then tell what the whole will take', share)
    .option('--seed <n>', 'which random share (default: 0)', whole(0))
    .option('--morton-cell <id>', 'compute only this cell: decimal morton id, word:ID or nested:ID; may be repeated', collect, [])
    .addOption(new Option('--driver <name>', 'how to reach granules: auto (by their names), file, https (swaps s3:// by the prefixes of the catalog); else that of the config').choices(['auto', 'file', 'https', 's3']))
    .option('--overwrite', "replace the store's group of this child order and its journal")
    .option('--resume', 'continue the store (which is what happens without --overwrite)')
    .option('--redo', 'compute the chosen cells anew even if they are current')
    .option('--allow-shrink', 'compute cells anew that would be made from fewer granules than before')
    .option('--allow-partial', 'write cells that lack the rows of a failed read; the store says which')
    .option('--index <folder>', 'keep an index of each granule there, and use it: reading a few cells again then takes few reads')
    .option('--dry-run', 'show what would be computed and why, compute nothing')
    .option('--json', 'one JSON event a line on standard output')
    .option('--backend <name>', 'local: granule by granule; cells: cell by cell, from a catalog, in the memory of one cell', 'local')
    .addOption(hidden('--max-workers <n>').argParser(whole(1)))
    .addOption(hidden('--region <name>'))
    .addOption(hidden('--function-name <name>'))
    .addHelpText(
      'after',
      `
Examples:
  magg run examples/greenland/greenland.magg.yaml --overwrite
  magg run atl06 --catalog cells.json --store out.zarr
  magg run my.yaml --morton-cell 4441321 --json`
    )
    .action(async (config: string | undefined, options: RunOptions) => {
      const { runCommand } = await import('./run-command.js');
      finish(await runCommand(config, options, host));
    });
}

/** `magg catalog`. */
export function addCatalog(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('catalog')
    .summary('find the cells that granules touch')
    .description('Read the coordinates of granules and write the exact catalog: every cell with at least one row, and its granules.')
    .option('--from <path...>', 'granules: files, folders, globs, URLs')
    .requiredOption('--output <file>', 'where to write the catalog')
    .option('--parent-order <n>', 'HEALPix order of the cells, 0 to 24 (default: that of the config, else 6)', whole(0, 24))
    .option('--config <config>', 'whose coordinate paths and latitude convention to use (default: atl06)')
    .option('--bbox <box>', 'only cells with a row in lon_min,lat_min,lon_max,lat_max (degrees; to about 400 m)')
    .option('--start-date <date>', 'leave out granules that start before this day (YYYY-MM-DD)')
    .option('--end-date <date>', 'leave out granules that start after this day (YYYY-MM-DD)')
    .option('--cycle <n>', 'only granules of this 91-day ICESat-2 cycle', whole(1))
    .option('--short-name <name>', 'product, for the metadata (default: from the file names)')
    .option('--version <version>', 'version of the product, for the metadata (default: from the file names)')
    .option('--provider <name>', 'data provider, for the metadata')
    .option('--workers <n>', 'threads (default: one per core)', whole(1))
    .addOption(hidden('--polygon <polygon>'))
    .addHelpText(
      'after',
      `
Examples:
  magg catalog --from 'granules/*.h5' --parent-order 6 --output cells.json
  magg catalog --from granules --bbox -52,67,-45,70 --cycle 3 --output cells.json`
    )
    .action(async (options: CatalogOptions) => {
      const { catalogCommand } = await import('./catalog-command.js');
      finish(await catalogCommand(options, host));
    });
}

/** `magg init`. */
export function addInit(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('init')
    .summary('make a config from a granule')
    .description('Look through a granule and write a commented config that runs on it: groups, coordinates, a column, a quality flag.')
    .argument('<granule>', 'HDF5 file, or its URL')
    .option('--output <file>', 'where to write the config; never replaced (default: NAME.magg.yaml for NAME.h5)')
    .option('--yes', 'ask nothing, take the likeliest')
    .addHelpText('after', '\nExamples:\n  magg init granules/ATL06_20190416093911_02770303_002_01.h5\n  magg init mine.h5 --output mine.magg.yaml --yes')
    .action(async (granule: string, options: InitOptions) => {
      const { initCommand } = await import('./init-command.js');
      finish(await initCommand(granule, options, host));
    });
}

/** `magg validate`. */
export function addValidate(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('validate')
    .summary('check a config')
    .description('Check a config without reading any granule; every problem with its line and column.')
    .argument('<config>', `config file, or the name of a built-in one (${builtInNames().join(', ')})`)
    .option('--json', 'the problems as JSON')
    .addHelpText('after', '\nExample:\n  magg validate my.yaml')
    .action(async (config: string, options: { readonly json?: boolean }) => {
      const { validateCommand } = await import('./validate-command.js');
      finish(validateCommand(config, options.json ?? false, host));
    });
}

/** `magg status`. */
export function addStatus(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('status')
    .summary('how far a store has come')
    .description('Tell from the journal of a store what is there, what failed and why, what is left, and whether a run goes on.')
    .argument('<store>', 'folder of a store')
    .option('--watch', 'follow a run until it ends')
    .option('--json', 'as JSON, with every failed cell; with --watch an object a line')
    .addHelpText('after', '\nExamples:\n  magg status out.zarr\n  magg status out.zarr --watch\n\nExit codes: 0 complete; 3 something is missing or still to come; 1 nothing was written; 2 no store.')
    .action(async (store: string, options: StatusOptions) => {
      const { statusCommand } = await import('./status-command.js');
      finish(await statusCommand(store, options, host));
    });
}

/** `magg verify`. */
export function addVerify(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('verify')
    .summary('check every chunk of a store')
    .description('Read every chunk of a store and compare it with the content hashes that the store and its journal have; check ids, overviews and metadata.')
    .argument('<store>', 'folder of a store')
    .option('--group <n>', 'only the group of this child order, with its overviews', whole(0, 29))
    .option('--json', 'as JSON, with every problem')
    .addHelpText('after', '\nExamples:\n  magg verify out.zarr\n  magg verify out.zarr --group 12 --json\n\nExit codes: 0 complete and right; 3 right, but not complete; 1 damaged; 2 no store.')
    .action(async (store: string, options: VerifyOptions) => {
      const { verifyCommand } = await import('./verify-command.js');
      finish(await verifyCommand(store, options, host));
    });
}

/** `magg diff`. */
export function addDiff(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('diff')
    .summary('compare two stores')
    .description('Compare two stores: grid, variables, attributes, and the values of every cell, however they are stored.')
    .argument('<a>', 'folder of a store')
    .argument('<b>', 'folder of another')
    .option('--group <n>', 'only the groups of this child order', whole(0, 29))
    .option('--tolerance <x>', 'values that differ by at most this count as equal (default: 0)', atLeastZero)
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  magg diff before.zarr after.zarr\n  magg diff a.zarr b.zarr --group 12 --tolerance 1e-6\n\nExit codes: 0 equal; 1 different; 2 trouble.')
    .action(async (a: string, b: string, options: DiffOptions) => {
      const { diffCommand } = await import('./diff-command.js');
      finish(await diffCommand(a, b, options, host));
    });
}

/** `magg inspect`. */
export function addInspect(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('inspect')
    .summary('show what a file or store holds')
    .description('List the datasets of a granule, the arrays of a store, or the cells of a catalog.')
    .argument('<path>', 'granule (HDF5), Zarr store or catalog')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  magg inspect granule.h5\n  magg inspect out.zarr')
    .action(async (path: string, options: { readonly json?: boolean }) => {
      const { inspectCommand } = await import('./inspect-command.js');
      finish(await inspectCommand(path, options.json ?? false, host));
    });
}

/** `magg completion`. */
export function addCompletion(program: Command, host: CliHost, finish: Finish): void {
  program
    .command('completion')
    .summary('a script for the completion of a shell')
    .description('Print a script by which a shell completes commands, options, their values and paths.')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', '\nExamples:\n  eval "$(magg completion bash)"        in ~/.bashrc\n  eval "$(magg completion zsh)"         in ~/.zshrc, after compinit\n  magg completion fish | source         in ~/.config/fish/config.fish')
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completionCommand } = await import('./completion-command.js');
      finish(completionCommand(shell, program, host));
    });
}
