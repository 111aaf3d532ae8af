import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InnerFile } from '../../src/hdf5/indexed-file.js';
import { nodeLibrary } from '../../src/hdf5/node-library.node.js';
import type { RangeSource } from '../../src/io/index.js';

/** The program of the worker that runs the full library, from the sources. */
export const libraryUrl = pathToFileURL(join(__dirname, 'library-worker.cjs'));

/** The full library in workers of this test file. */
export const library = nodeLibrary(libraryUrl);

/** A file through the full library alone. */
export const openFull = (source: RangeSource): Promise<InnerFile> => library(source, {});
