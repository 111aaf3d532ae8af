import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../..');
/** Rooms by floor: a room may import from every floor below its own, never from its own floor. */
const floors = [
  ['base'],
  ['io', 'grid', 'config'],
  ['aggregate', 'hdf5', 'zarr'],
  ['catalog', 'virtual'],
  ['runner'],
  ['bundle', 'package', 'map'],
  ['hosts/lab', 'hosts/widget', 'hosts/lambda', 'hosts/cli', 'hosts/service']
];
const rooms = floors.flat();
const may = Object.fromEntries(floors.flatMap((list, floor) => list.map(room => [room, floors.slice(0, floor).flat()])));
const type = room => room.replace('/', '-');

const restrict = (files, ignores, pattern) => ({ files, ignores, rules: { 'no-restricted-imports': ['error', { patterns: pattern }] } });
const entryOnly = {
  regex: `^\\.\\./(?:\\.\\./)*(?:${rooms.join('|')})/(?!(?:.*/)?(?:index|[^/]*\\.node)\\.js$)`,
  message: "Another room is its index.js, or one of its *.node.js files where Node is allowed."
};
const noNode = { group: ['node:*', '*.node.js'], message: 'Node belongs into hosts/{cli,lambda,service} and *.node.ts files of io, hdf5 and runner.' };
const noPage = { group: ['@jupyterlab/*', '@jupyter-widgets/*', '@lumino/*', 'react', 'react-dom', 'react/*', 'react-dom/*'], message: 'Jupyter, Lumino and React belong into hosts/{lab,widget}.' };
const nodeFiles = ['src/hosts/{cli,lambda,service}/**', 'src/{io,hdf5,runner}/**/*.node.ts'];
const pageFiles = ['src/hosts/{lab,widget}/**', 'src/plugin.ts'];

export default tseslint.config(
  { ignores: ['lib/', 'magg/', 'coverage/', 'node_modules/', '.venv/', 'out/', 'dist/', 'test-results/', 'assembly/'], basePath: root },
  // No comment in a file switches a rule off.
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  { rules: { 'no-eval': 'error', 'no-new-func': 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: resolve(root, 'tsconfig.json'), tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-implied-eval': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }]
    }
  },
  { files: ['src/**'], rules: { 'max-lines': ['error', 400] } },
  { files: ['test/**'], rules: { '@typescript-eslint/require-await': 'off', '@typescript-eslint/no-unnecessary-type-assertion': 'off', '@typescript-eslint/no-misused-promises': 'off' } },
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: { globals: Object.fromEntries(['process', 'console', 'module', 'require', 'URL', 'Buffer', 'performance', 'setTimeout'].map(n => [n, 'readonly'])) }
  },
  { files: ['.ci/jest.setup.mjs'], languageOptions: { globals: { MouseEvent: 'readonly', setTimeout: 'readonly' } } },
  {
    files: ['src/*/**'],
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': root,
      'boundaries/elements': Object.keys(may).map(room => ({ type: type(room), pattern: `src/${room}` })),
      'import/resolver': { typescript: { project: resolve(root, 'tsconfig.json') } }
    },
    rules: {
      'boundaries/dependencies': ['error', {
        default: 'disallow',
        policies: Object.entries(may).map(([from, to]) => ({ from: { element: { type: type(from) } }, allow: { to: { element: { type: [from, ...to].map(type) } } } }))
      }]
    }
  },
  // Node only where its name says so, Jupyter and React only in their hosts; everything else runs in a page and in a worker too.
  restrict(['src/**'], [...nodeFiles, ...pageFiles], [entryOnly, noNode, noPage]),
  restrict(nodeFiles, [], [entryOnly, noPage]),
  restrict(pageFiles, [], [entryOnly, noNode])
);
