import type { DisplayUnit } from '../../state/selectors.ts';
import { amount, percent, signedPercent } from '../../ui/format.ts';
import { Term } from '../../ui/Term.tsx';
import { bandSentence, usedShare, type VerdictFigures } from './verdictFigures.ts';

interface FiguresProps {
  figures: VerdictFigures;
}

/** Labels of the verdict stand above their figure and its sub-line; an explanation keeps clear of both. */
const BELOW_TILE = 60;

/** "Here" sentences are worked examples with the figures of the current book; without figures there is none. */
export function InitialMarginTerm({ figures }: FiguresProps) {
  const { current, unit } = figures;
  const loss = current?.worstScenario?.lossUsd;
  return (
    <Term
      term="Initial margin"
      distance={BELOW_TILE}
      definition="what the chosen rulebook wants to see before the book may be opened or made larger."
      {...(current !== null && {
        example: `Here: ${amount(current.initialMarginUsd, unit)} ${unit.symbol}${
          loss === undefined ? '' : `, of which ${amount(loss, unit)} is the loss in the binding cell`
        }.`,
      })}
    >
      Initial margin
    </Term>
  );
}

export function MaintenanceTerm({ figures }: FiguresProps) {
  const { current, unit } = figures;
  return (
    <Term
      term="Maintenance"
      distance={BELOW_TILE}
      definition="the requirement below which the book is liquidated; equity minus maintenance is the headroom."
      {...(current !== null && {
        example: `Here: ${difference('headroom', current.equityUsd, current.maintenanceMarginUsd, unit)}.`,
      })}
    >
      Maintenance
    </Term>
  );
}

export function FreeMarginTerm({ figures }: FiguresProps) {
  const { current, unit } = figures;
  return (
    <Term
      term="Free margin"
      distance={BELOW_TILE}
      definition="equity minus initial margin: what can still be used to open positions."
      {...(current !== null && {
        example: `Here: ${difference('free margin', current.equityUsd, current.initialMarginUsd, unit)}.`,
      })}
    >
      Free margin
    </Term>
  );
}

export function UsedTerm({ figures }: FiguresProps) {
  const { current, unit } = figures;
  return (
    <Term
      term="Used"
      distance={BELOW_TILE}
      definition="initial margin as a share of equity, where equity is collateral plus the value of all positions."
      {...(current !== null && {
        example: `Here: ${amount(current.initialMarginUsd, unit)} of ${amount(current.equityUsd, unit)} = ${usedShare(current)}.`,
      })}
    >
      {current === null ? 'Used' : `Used of ${shortEquity(current.equityUsd, figures)}`}
    </Term>
  );
}

export function BindingTerm({ figures }: FiguresProps) {
  const worst = figures.current?.worstScenario ?? null;
  const apart = worst !== null && worst.byUnderlying.length > 1 ? worst.byUnderlying : [];
  return (
    <Term
      term="Binding cell"
      definition="the move of spot and volatility whose loss sets the requirement."
      {...(worst !== null && {
        example: `Here: ${worst.label}, a loss of ${amount(worst.lossUsd, figures.unit)}.${apart
          .map((each) => ` ${each.underlying} ${each.label}: ${amount(each.lossUsd, figures.unit)}.`)
          .join('')}`,
      })}
    >
      Binding cell
    </Term>
  );
}

export function BandTerm({ figures }: FiguresProps) {
  const { band } = figures;
  return (
    <Term
      term="Liquidation band"
      distance={BELOW_TILE}
      definition={`the prices between which equity covers maintenance, re-margined at every price, with ${figures.heldFixed}. σ is one standard deviation of thirty days at the 30-day volatility.`}
      {...(band !== null && { example: bandSentence(band, figures.heldFixed) })}
    >
      Liquidation band
    </Term>
  );
}

export function RulebooksTerm() {
  return (
    <Term
      term="Rulebooks"
      definition={`the same book under each set of rules: every leg alone, collateral pooled, offsets recognised. ${signedPercent(
        -0.4,
        0,
      )} means ${percent(0.4, 0)} less than the first. Choose one to use it everywhere on the screen.`}
      side="left"
    >
      Same book, rulebooks
    </Term>
  );
}

/** `headroom 79,133 = equity 136,774 − 57,641`, where the shown figures add up: equity takes the rounding. */
function difference(name: string, equityUsd: number, requirementUsd: number, unit: DisplayUnit): string {
  const digits = unit.kind === 'usd' ? 1 : 1e4;
  const shown = (usd: number) => Math.round(usd * unit.perUsd * digits) / digits;
  const rest = shown(equityUsd - requirementUsd);
  const requirement = shown(requirementUsd);
  const inUnit = (x: number) => amount(x / unit.perUsd, unit);
  return `${name} ${inUnit(rest)} = equity ${inUnit(rest + requirement)} − ${inUnit(requirement)}`;
}

function shortEquity(usd: number, { unit }: VerdictFigures): string {
  return unit.kind === 'usd' && Math.abs(usd) >= 10_000 ? `${amount(usd / 1000, unit)}k` : amount(usd, unit);
}
