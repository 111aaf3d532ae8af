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
const may = Object.fromEntries(floors.flatMap((rooms, floor) => rooms.map(room => [room, floors.slice(0, floor).flat()])));
const type = room => room.replace('/', '-');

export default tseslint.config(
  { ignores: ['lib/', 'magg/', 'coverage/', 'node_modules/', '.venv/', 'out/', 'dist/', 'test-results/'], basePath: root },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: resolve(root, 'tsconfig.json'), tsconfigRootDir: root } },
    rules: { '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }] }
  },
  { files: ['test/**'], rules: { '@typescript-eslint/require-await': 'off', '@typescript-eslint/no-unnecessary-type-assertion': 'off', '@typescript-eslint/no-misused-promises': 'off' } },
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: { globals: Object.fromEntries(['process', 'console', 'module', 'require', 'URL', 'Buffer', 'performance', 'setTimeout'].map(n => [n, 'readonly'])) }
  },
  {
    files: ['test/ui/**'],
    rules: Object.fromEntries(['unsafe-assignment', 'unsafe-call', 'unsafe-member-access', 'unsafe-return', 'no-explicit-any'].map(n => [`@typescript-eslint/${n === 'no-explicit-any' ? n : `no-${n}`}`, 'off']))
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
  {
    // Node only where its name says so; everything else runs in a page and in a worker too.
    files: ['src/**'],
    ignores: ['src/hosts/{cli,lambda,service}/**', 'src/{io,hdf5,runner}/**/*.node.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['node:*', '*.node.js'], message: 'Node belongs into hosts/{cli,lambda,service} and *.node.ts files.' }] }]
    }
  },
  {
    files: ['src/**'],
    ignores: ['src/hosts/{lab,widget}/**', 'src/plugin.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group: ['@jupyterlab/*', '@jupyter-widgets/*', '@lumino/*', 'react', 'react-dom'], message: 'Jupyter, Lumino and React belong into hosts/{lab,widget}.' }] }]
    }
  }
);
