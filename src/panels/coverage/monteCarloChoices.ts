import type { VarDistribution, VarRevaluation, VarSampling } from '../../engine/domain/riskReport.ts';
import type { WordedOption } from './WordedChoice.tsx';

/** How Monte Carlo's moves are distributed. */
export const DISTRIBUTION_CHOICES: readonly WordedOption<VarDistribution>[] = [
  { value: 'normal', name: 'Normal', words: 'thin tails' },
  { value: 'student-t', name: 'Student-t', words: 'fat tails, alike for all' },
  { value: 't-copula', name: 't copula', words: 'own tails, shared extremes' },
  { value: 'jump-diffusion', name: 'Jumps', words: 'calm days and joint jumps' },
  { value: 'heston', name: 'Heston', words: 'vol has a path of its own' },
  { value: 'bates', name: 'Bates', words: 'Heston, and jumps' },
];

/** How its paths are drawn. */
export const SAMPLING_CHOICES: readonly WordedOption<VarSampling>[] = [
  { value: 'importance', name: 'Weighted', words: 'more where the book loses' },
  { value: 'sobol', name: 'Even', words: 'evenly spread over all moves' },
  { value: 'plain', name: 'Plain', words: 'independent, all alike' },
];

/** What a path's P&L is computed by. */
export const REVALUATION_CHOICES: readonly WordedOption<VarRevaluation>[] = [
  { value: 'auto', name: 'Automatic', words: 'full, proxy where faster' },
  { value: 'full', name: 'Full', words: 'every position on every path' },
  { value: 'proxy', name: 'Proxy', words: 'a fitted function, error known' },
  { value: 'delta-gamma', name: 'Delta-gamma', words: 'Greeks, poor in the far tail' },
];
