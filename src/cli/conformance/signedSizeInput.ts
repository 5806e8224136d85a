import { RiskError } from '../../engine/domain/failure.ts';
import { type CaseInputs, numberInput } from './ConformanceAdapter.ts';

/** `size` with the sign of `side`: positive when long, negative when short. */
export function signedSizeInput(inputs: CaseInputs): number {
  const size = Math.abs(numberInput(inputs, 'size'));
  if (inputs.side === 'long') return size;
  if (inputs.side === 'short') return 0 - size;
  throw new RiskError('bad-value', `The case's side is "${String(inputs.side)}", neither long nor short`);
}
