import next from '@next/eslint-plugin-next';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

const upward = (group, message) => ({ 'no-restricted-imports': ['error', { patterns: [{ group, message, allowTypeImports: true }] }] });

export default ts.config(
  { ignores: ['.next/**', 'out/**', '.cache/**', 'cli/dist/**', 'engine/kernels/assembly/**', 'engine/kernels/gen/**', 'next-env.d.ts', 'public/**', 'test-results/**', 'playwright-report/**'] },
  ...ts.configs.strict,
  {
    files: ['app/**/*.{ts,tsx}', 'components/**/*.{ts,tsx}'],
    plugins: { '@next/next': next, 'react-hooks': hooks },
    rules: { ...next.configs.recommended.rules, ...hooks.configs.recommended.rules },
  },
  {
    files: ['components/views/**', 'components/controls/**'],
    rules: upward(['**/state/*', '@/state/*', '**/workers/*', '@/workers/*', '**/engine/**', '@/engine/**'], 'Views and controls are functions of their props.'),
  },
  { files: ['engine/**'], rules: upward(['**/state/*', '**/components/**', '@/**', 'react', 'react-dom', 'd3', 'comlink'], 'The engine knows nothing above it.') },
);
