import { RiskError } from '../../engine/domain/failure.ts';
import { DAYS_PER_YEAR } from '../../engine/domain/units.ts';
import {
  accruedPool,
  borrowRate,
  type CashEvent,
  type CashPool,
  cashBurned,
  cashToStableRate,
  feesPaid,
  type InterestModel,
  openedPool,
  poolAfter,
  totalBorrow,
  totalSupply,
  utilisation,
} from '../../engine/margin/derive/cashPool.ts';
import { type CaseInputs, type FamilyAdapters, numberInput, recordInput, recordsInput } from './ConformanceAdapter.ts';

function interestModel(inputs: CaseInputs, name: string): InterestModel {
  const model = recordInput(inputs, name);
  return {
    minRate: numberInput(model, 'minRate'),
    rateMultiplier: numberInput(model, 'rateMultiplier'),
    highRateMultiplier: numberInput(model, 'highRateMultiplier'),
    optimalUtilisation: numberInput(model, 'optimalUtilisation'),
  };
}

/** Null for the opening, which changes nothing. */
function cashEvent(event: CaseInputs): CashEvent | null {
  const type = String(event.type).toLowerCase();
  if (type === 'start') return null;
  const [account, counterparty] = [String(event.account), String(event.counterparty)];
  const amount = numberInput(event, 'amount');
  if (type === 'trade') return { type, account, counterparty, amount };
  if (type === 'settlement' || type === 'borrow' || type === 'insolvency') return { type, account, amount };
  throw new RiskError('bad-value', `No cash event is named "${String(event.type)}"`);
}

function states(inputs: CaseInputs) {
  const model = interestModel(inputs, 'interestModel');
  const fee = numberInput(inputs, 'securityModuleFee');
  const opening = recordInput(inputs, 'openingBalances');
  let pool: CashPool = openedPool(new Map(Object.keys(opening).map((name) => [name, numberInput(opening, name)])));
  return recordsInput(inputs, 'events').map((item) => {
    const event = cashEvent(item);
    const accrued = accruedPool(pool, numberInput(item, 'daysSincePrevious') / DAYS_PER_YEAR, model, fee);
    pool = feesPaid(event === null ? accrued : poolAfter(accrued, event));
    const used = utilisation(totalSupply(pool), totalBorrow(pool), pool.netSettled);
    return {
      index: item.index,
      totalSupply: totalSupply(pool),
      totalBorrow: totalBorrow(pool),
      utilisation: used,
      borrowRate: borrowRate(used, model),
      stableHeld: pool.stableHeld,
    };
  });
}

export const deriveCash: FamilyAdapters = {
  'cash.borrowRate': (inputs) =>
    borrowRate(
      utilisation(numberInput(inputs, 'supply'), numberInput(inputs, 'borrow')),
      interestModel(inputs, 'model'),
    ),
  'cash.cashToStableRate': (inputs) =>
    cashToStableRate({
      stableHeld: numberInput(inputs, 'stableHeld'),
      // The loss is paid in new cash.
      supply: numberInput(inputs, 'supplyBefore') + numberInput(inputs, 'loss'),
      borrow: numberInput(inputs, 'borrow'),
      accruedFees: 0,
      netSettled: 0,
    }),
  'cash.cashBurned': (inputs) =>
    cashBurned(numberInput(inputs, 'stableWithdrawn'), numberInput(inputs, 'cashToStableRate')),
  'cash.sequence': states,
};
