// `node` for pure code and hosts, `jsdom` for everything that imports JupyterLab or deck.gl; `thorough` (*.thorough.test.ts) for what takes
// many seconds: thousands of files, real processes, mutations. The fast part of the tests leaves it out.
// All code, node_modules included, goes through swc to CommonJS: no list of ESM-only packages to maintain.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const rootDir = resolve(fileURLToPath(import.meta.url), '../..');
const project = (displayName, testEnvironment, testMatch, ignored = []) => ({
  displayName,
  rootDir,
  testEnvironment,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', ...ignored],
  setupFiles: displayName === 'jsdom' ? ['<rootDir>/.ci/jest.setup.mjs'] : [],
  resolver: '<rootDir>/.ci/jest-resolver.cjs',
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'json'],
  moduleNameMapper: {
    '\\.css$': '<rootDir>/.ci/empty.cjs'
  },
  transform: {
    '\\.svg$': '<rootDir>/.ci/jest-svg.cjs',
    '^.+\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      {
        swcrc: false,
        isModule: 'unknown',
        module: { type: 'commonjs', ignoreDynamic: false },
        jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: true }, transform: { react: { runtime: 'automatic' } } }
      }
    ]
  },
  transformIgnorePatterns: [],
  modulePathIgnorePatterns: ['<rootDir>/magg/', '<rootDir>/lib/', '<rootDir>/dist/', '<rootDir>/.venv/']
});

export default {
  rootDir,
  maxWorkers: '100%',
  // A hang is one on any machine; a busy one is no failure.
  testTimeout: 60_000,
  // `npm run jest -- --coverage`: it doubles the time.
  collectCoverageFrom: ['src/**/*.{ts,tsx}'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'lcov'],
  reporters: ['default', '<rootDir>/.ci/jest-summary.mjs'],
  projects: [
    project('node', 'node', ['<rootDir>/test/{base,io,grid,config,aggregate,hdf5,zarr,catalog,runner}/**/*.test.ts', '<rootDir>/test/hosts/{cli,lambda,service}/**/*.test.ts'], ['\\.thorough\\.test\\.ts$']),
    project('thorough', 'node', ['<rootDir>/test/**/*.thorough.test.ts']),
    project('jsdom', 'jsdom', ['<rootDir>/test/hosts/{lab,widget}/**/*.test.{ts,tsx}', '<rootDir>/test/map/**/*.test.{ts,tsx}'])
  ]
};
