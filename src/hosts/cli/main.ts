import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../../../package.json';
import { toErrorRecord } from '../../base/index.js';
import type { CatalogOptions } from './catalog-command.js';
import { EXIT, REFUSALS, type ExitCode } from './exit-codes.js';
import type { RunOptions } from './run-command.js';

// Commands are loaded when they are called: `magg --help` reads none of them.

const whole = (least: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least) throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
  return value;
};

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function program(finish: (code: ExitCode) => void): Command {
  const magg = new Command('magg')
    .description('Point observations in HDF5 granules to statistics per HEALPix cell in a Zarr store.')
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  magg run examples/greenland/greenland.magg.yaml      the example, to the store its config names
  magg run my.yaml --catalog cells.json --store out.zarr --workers 2
  magg catalog --from granules/*.h5 --parent-order 6 --output cells.json
  magg validate my.yaml
  magg inspect granule.h5

Exit codes: 0 all cells finished or empty; 3 some written, some failed; 1 none written or the run broke;
2 nothing was started; 130 cancelled.`
    );

  magg
    .command('run')
    .summary('compute the cells of a config')
    .description('Read granules, compute the statistics of every cell, write a Zarr v3 store.')
    .argument('[config]', 'config file, or the name of a built-in one (atl06)')
    .option('--config <config>', 'the same as the argument')
    .option('--catalog <file>', 'cells and their granules; else those of the config')
    .option('--store <path>', 'where to write; else output.store of the config')
    .addOption(new Option('--backend <name>', 'where to compute').choices(['local']).default('local'))
    .addOption(new Option('--driver <name>', 'how to reach granules; else that of the config').choices(['auto', 'file', 'https', 's3']))
    .option('--workers <n>', 'threads (default: one per core)', whole(1))
    .addOption(new Option('--max-workers <n>', 'the same as --workers').argParser(whole(1)).hideHelp())
    .option('--max-cells <n>', 'compute only the first n cells', whole(1))
    .option('--morton-cell <id>', 'compute only this cell: decimal morton id, word:ID or nested:ID; may be repeated', collect, [])
    .option('--overwrite', "replace the store's group of this child order and its journal")
    .option('--dry-run', 'show the plan, compute nothing')
    .option('--json', 'one JSON event a line on standard output')
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
      finish(await runCommand(config, options, new URL('./thread.mjs', import.meta.url)));
    });

  magg
    .command('catalog')
    .summary('find the cells that granules touch')
    .description('Read the coordinates of granules and write the exact catalog: every cell with at least one row, and its granules.')
    .requiredOption('--from <path...>', 'granules: files, folders, globs, URLs')
    .option('--config <config>', 'whose coordinate paths and latitude convention to use (default: atl06)')
    .requiredOption('--parent-order <n>', 'HEALPix order of the cells, 0 to 24', whole(0))
    .requiredOption('--output <file>', 'where to write the catalog')
    .option('--short-name <name>', 'product, for the metadata (default: from the file names)')
    .addOption(new Option('--product-version <version>', 'version of the product, for the metadata (default: from the file names)'))
    .option('--provider <name>', 'data provider, for the metadata')
    .option('--start-date <date>', 'leave out granules that start before this day (YYYY-MM-DD)')
    .option('--end-date <date>', 'leave out granules that start after this day (YYYY-MM-DD)')
    .option('--cycle <n>', 'only granules of this 91-day ICESat-2 cycle', whole(1))
    .option('--workers <n>', 'threads (default: one per core)', whole(1))
    .addHelpText(
      'after',
      `
Example:
  magg catalog --from 'granules/*.h5' --parent-order 6 --output cells.json`
    )
    .action(async (options: CatalogOptions) => {
      const { catalogCommand } = await import('./catalog-command.js');
      finish(await catalogCommand(options, new URL('./thread.mjs', import.meta.url)));
    });

  magg
    .command('validate')
    .summary('check a config')
    .description('Check a config without reading any granule; every problem with its line and column.')
    .argument('<config>', 'config file, or the name of a built-in one (atl06)')
    .option('--json', 'the problems as JSON')
    .addHelpText('after', '\nExample:\n  magg validate my.yaml')
    .action(async (config: string, options: { readonly json?: boolean }) => {
      const { validateCommand } = await import('./validate-command.js');
      finish(validateCommand(config, options.json ?? false));
    });

  magg
    .command('inspect')
    .summary('show what a file or store holds')
    .description('List the datasets of a granule, the arrays of a store, or the cells of a catalog.')
    .argument('<path>', 'granule (HDF5), Zarr store or catalog')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  magg inspect granule.h5\n  magg inspect out.zarr')
    .action(async (path: string, options: { readonly json?: boolean }) => {
      const { inspectCommand } = await import('./inspect-command.js');
      finish(await inspectCommand(path, options.json ?? false));
    });
  return magg;
}

async function main(): Promise<void> {
  let code: ExitCode = EXIT.ok;
  try {
    await program(ended => (code = ended)).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) code = error.exitCode === 0 ? EXIT.ok : EXIT.refused;
    else {
      const { tag, message } = toErrorRecord(error);
      process.stderr.write(`magg: ${message}\n`);
      if (tag === 'internal' && error instanceof Error) process.stderr.write(`${error.stack}\nThis is a fault of magg: please report it with the lines above.\n`);
      code = REFUSALS.has(tag) ? EXIT.refused : EXIT.failed;
    }
  }
  // What was written to a pipe may still be on its way: the code is set, the process ends by itself.
  process.exitCode = code;
}

await main();
