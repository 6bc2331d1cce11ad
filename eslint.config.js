import js from '@eslint/js';
import ts from 'typescript-eslint';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';

/** Forbids imports by path; `files` may not import anything that matches `group`. */
const layer = (files, ...patterns) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: patterns.map(([group, message]) => ({ group, message })) },
    ],
  },
});

const server = ['**/api/**', '**/gateway/**', '**/local/**', '**/client/**', '**/load/**'];
const nodeOnly = [
  'node:*',
  'mongoose',
  'ioredis',
  'joi',
  'pino',
  'express',
  'ws',
  'jsonwebtoken',
  'bcryptjs',
];

export default ts.config(
  { ignores: ['dist', 'coverage', 'node_modules', '.data', 'client/.svelte-kit'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  {
    files: ['**/*.ts'],
    ignores: ['client/**'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
    rules: { 'prefer-const': 'off' },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  { files: ['test/**', 'local/**', 'load/**'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  layer(
    ['shared/wire/**/*.ts'],
    [
      [...server, '**/shared/node/**', '**/shared/sdk/**', '../node/*', '../sdk/*', ...nodeOnly],
      'shared/wire is pure and browser-safe',
    ],
  ),
  layer(
    ['shared/sdk/**/*.ts'],
    [
      [...server, '../node/*', '../../node/*', ...nodeOnly],
      'shared/sdk is browser-safe and imports shared/wire only',
    ],
  ),
  layer(
    ['shared/node/**/*.ts'],
    [[...server, '../sdk/*', 'mongoose', 'ws', 'express'], 'shared/node imports shared/wire only'],
  ),
  layer(
    ['api/**/*.ts'],
    [['**/gateway/**', '**/local/**', '**/shared/sdk/**', 'ws'], 'api imports shared only'],
  ),
  layer(
    ['gateway/**/*.ts'],
    [
      ['**/api/**', '**/local/**', '**/shared/sdk/**', 'mongoose', 'mongodb'],
      'gateway imports shared only and has no database',
    ],
  ),
  layer(
    ['load/**/*.ts'],
    [
      ['**/api/**', '**/gateway/**', '**/client/**', '**/test/**', 'mongoose', 'mongodb', 'ioredis', 'ws'],
      'load drives any Parley from outside: it imports shared, and local for what is on this machine',
    ],
  ),
  layer(
    ['conformance/**/*.ts'],
    [
      ['**/api/**', '**/gateway/**', '**/local/**', '**/shared/**', '**/test/**'],
      'conformance judges any server and shares no code with ours',
    ],
  ),
  layer(
    ['client/**/*.ts', 'client/**/*.svelte'],
    [
      ['**/api/**', '**/gateway/**', '**/shared/node/**', ...nodeOnly],
      'client imports shared/wire and shared/sdk only',
    ],
  ),
);
