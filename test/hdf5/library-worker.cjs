// The worker of the full HDF5 library from its TypeScript sources: what the bundle is for the command.
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, resolve } = require('node:path');
const { transformSync } = require('@swc/core');

const options = { swcrc: false, module: { type: 'commonjs', ignoreDynamic: true }, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } };
Module._extensions['.ts'] = (module, path) => module._compile(transformSync(readFileSync(path, 'utf8'), { ...options, filename: path }).code, path);
const resolveName = Module._resolveFilename;
Module._resolveFilename = (name, parent, ...rest) => {
  const source = name.startsWith('.') && name.endsWith('.js') && parent ? resolve(dirname(parent.filename), `${name.slice(0, -3)}.ts`) : undefined;
  return source && existsSync(source) ? source : resolveName(name, parent, ...rest);
};
require('../../src/hdf5/library-worker.node.ts');
