import tseslint from 'typescript-eslint';

const clockMessage = 'Engine code takes time from engine/base/clock.ts, so that tests can turn it by hand.';

/** Calls and types are held here; who may import whom is held by .dependency-cruiser.cjs. */
export default tseslint.config(
  { ignores: ['dist', '.cache', 'test-results', 'node_modules', '**/*.d.mts'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // `async` also says that what goes wrong comes as a rejection, whether something is awaited or not.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['engine/**/*.ts'],
    ignores: ['engine/base/clock.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: clockMessage },
        { name: 'setInterval', message: clockMessage },
      ],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: clockMessage }],
    },
  },
  {
    files: ['engine/**/*.ts', 'headless/**/*.ts'],
    ignores: ['engine/ssh/establish.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Client']",
          message: 'One ssh2 Client per host: engine/ssh/establish.ts makes it.',
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-console': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
