import { failureOf } from '../domain/failure.ts';
import type { ParameterSet } from '../domain/riskParameters.ts';
import type { MarginOutcome } from '../domain/riskReport.ts';
import type { MarginBook, MarginModel, MarginRequirement } from './MarginModel.ts';

/** One rulebook's answer for a book; a rule that cannot take the book answers with the reason instead of a number. */
export function marginOutcome(model: MarginModel, parameters: ParameterSet, book: MarginBook): MarginOutcome {
  const { id, title } = model;
  try {
    const answered = model.requirement(book, parameters);
    const { backing, components, ...requirement } = answered;
    const equityUsd = equityOf(answered, book);
    return {
      id,
      title,
      ...requirement,
      components: components.map(({ name, usd }) => ({ name, usd })),
      equityUsd,
      ...(backing ? { equityBasis: backing.basis } : {}),
      availableUsd: equityUsd - requirement.initialMarginUsd,
      marginRatio: equityUsd > 0 ? requirement.maintenanceMarginUsd / equityUsd : null,
    };
  } catch (error) {
    return { id, title, unsupported: failureOf(error) };
  }
}

/** What a rule holds its requirement against: the book's equity, unless it counts another. */
export function equityOf({ backing }: MarginRequirement, { equityUsd }: Pick<MarginBook, 'equityUsd'>): number {
  return backing?.equityUsd ?? equityUsd;
}
