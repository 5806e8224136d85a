import { RiskError } from '../../engine/domain/failure.ts';

/** Resolves after a while, unless the question is given up before. */
export function undisturbed(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new RiskError('internal', 'The question was given up'));
    });
  });
}
