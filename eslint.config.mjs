import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    ignores: [
      'dist/',
      'examples/',
      'templates/',
      'test/fixtures/',
      'test-results/',
      'node_modules/',
      '**/*.mjs',
      '**/*.cjs',
    ],
  },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      // Values of users' code are turned into text as Node itself would do it.
      '@typescript-eslint/no-base-to-string': 'off',
      // Objects in texts would show as `[object Object]`: phrases have to be said.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        {
          allowAny: true,
          allowArray: true,
          allowBoolean: true,
          allowNever: true,
          allowNullish: true,
          allowNumber: true,
          allowRegExp: true,
        },
      ],
      // Wrapping methods of Node's own objects means taking them off these objects.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-this-alias': 'off',
      // Reports assertions that `noUncheckedIndexedAccess` makes necessary.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // `node:test` returns promises nobody has to wait for; tests look at values of unknown shape.
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Fakes answer with promises as what they stand for does.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      'no-console': 'off',
    },
  },
  {
    // The command line's job, and that of our tools, is to write to the terminal; instances wrap the console.
    files: [
      'scripts/**',
      'runtime/cli/**',
      'runtime/main.ts',
      'runtime/languages/*/bootstrap*.ts',
      'runtime/platforms/*/*.bootstrap.ts',
      'runtime/platforms/*/instance/**',
    ],
    rules: { 'no-console': 'off' },
  },
);
