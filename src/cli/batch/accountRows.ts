import { type AccountDesk, accountDesk } from '../../engine/accountMargins.ts';
import { type Failure, type FailureCode, failureOf, RiskError, riskError } from '../../engine/domain/failure.ts';
import type { Portfolio } from '../../engine/domain/portfolio.ts';
import type { MarginOutcome, VarMethod, VarRequest } from '../../engine/domain/riskReport.ts';
import type { ParameterSet } from '../../engine/domain/riskParameters.ts';
import { marginModels } from '../../engine/margin/marginModels.ts';
import { modelById } from '../../engine/margin/modelById.ts';
import { resolvedParameters } from '../../engine/margin/resolvedParameters.ts';
import type { BookPositions } from '../../engine/scenario/bookPositions.ts';
import { type PreparedMarket, prepareMarket } from '../../engine/scenario/preparedMarket.ts';
import { valueAtRisk } from '../../engine/var/valueAtRisk.ts';
import { excerpt, parseJsonDocument } from '../../formats/jsonDocument.ts';
import { parseMarketFile } from '../../formats/marketFile.ts';
import { parsePortfolioCsv } from '../../formats/portfolioCsv.ts';
import { parsePortfolioValue } from '../../formats/portfolioFile.ts';
import { plainText } from '../jsonText.ts';
import { nodeKernels } from '../nodeKernels.ts';
import type { AccountMargin, AccountRow, AccountVar } from './AccountRow.ts';
import type { AccountText } from './AccountText.ts';

/** What is asked of every account; plain data, so that it can be sent to a thread. */
export interface BatchQuestion {
  /** headroom/market@1 */
  readonly marketText: string;
  readonly models: readonly string[];
  /** Edited parameters by model. */
  readonly parameters: Readonly<Record<string, ParameterSet>>;
  /** Without the portfolio, which is the account's; one a method. */
  readonly valueAtRisk: readonly Omit<VarRequest, 'portfolio'>[];
}

/** Answers one account after another. Never throws: what is wrong with an account is its row. */
export interface AccountRows {
  row(account: AccountText): Promise<AccountRow>;
  held: AccountDesk['held'];
}

/** @throws RiskError when the market, a model or a parameter is refused. */
export function accountRows(question: BatchQuestion): AccountRows {
  const snapshot = parseMarketFile(question.marketText);
  if (!snapshot.ok) throw riskError(snapshot.failure);
  const market = prepareMarket(snapshot.value, nodeKernels());
  const rules = question.models.map((id) => {
    const model = modelById(id, marginModels);
    return { model, parameters: resolvedParameters(model, question.parameters[id]) };
  });
  const desk = accountDesk(market, rules);
  return {
    async row(text) {
      let account = text.place;
      try {
        if (text.failure !== null) throw riskError(text.failure);
        const named = parseAccount(text);
        account = named.account;
        const portfolio = named.portfolio();
        const { book, margins } = desk.margins(portfolio);
        checkPriced(book, portfolio);
        const row: AccountRow = {
          account,
          equityUsd: finite(book.equityUsd),
          margins: margins.map(marginOf),
          ...(question.valueAtRisk.length === 0
            ? {}
            : { valueAtRisk: await valuesAtRisk(market, portfolio, question.valueAtRisk) }),
          leftOut: book.unpriced.length,
          notices: {
            info: book.notices.filter(({ severity }) => severity === 'info').length,
            warning: book.notices.filter(({ severity }) => severity === 'warning').length,
          },
        };
        return row;
      } catch (error) {
        return refusedRow(account, failureOf(error));
      }
    },
    held: desk.held,
  };
}

export function refusedRow(account: string, { code, message, path = '' }: Failure): AccountRow {
  return { account, error: { code, path, message: plainText(message) } };
}

/** Longest id of an account, in characters. */
const MAX_ID_LENGTH = 128;

/**
 * The account of a document: a portfolio with the field `account`, or `{"account", "portfolio"}`. Its id is known before its
 * portfolio is read, so that what is wrong with that is told under it.
 */
function parseAccount({ bytes, kind, place }: AccountText): { account: string; portfolio: () => Portfolio } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RiskError('bad-format', 'The account is not UTF-8 text; save it as UTF-8', '');
  }
  if (kind === 'csv') return { account: place, portfolio: () => valueOf(parsePortfolioCsv(text, place)) };
  const { value } = valueOf(parseJsonDocument(text));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RiskError('bad-format', 'An account must be an object: a portfolio with the field account', '');
  const { account = place, ...rest } = value as Record<string, unknown>;
  if (typeof account !== 'string' || account.trim() === '' || account.length > MAX_ID_LENGTH)
    throw new RiskError('bad-value', `account must be a text of 1 to ${MAX_ID_LENGTH} characters`, '/account');
  return {
    account,
    portfolio() {
      if (!Object.hasOwn(rest, 'portfolio')) return valueOf(parsePortfolioValue(rest));
      const { portfolio, ...others } = rest;
      const [unknown] = Object.keys(others);
      if (unknown !== undefined) {
        const message = `${excerpt(unknown)} is not a field beside account and portfolio; take it out`;
        throw new RiskError('bad-format', message, `/${unknown}`);
      }
      return valueOf(parsePortfolioValue(portfolio, ['portfolio']));
    },
  };
}

function valueOf<T>(result: { ok: true; value: T } | { ok: false; failure: Failure }): T {
  if (!result.ok) throw riskError(result.failure);
  return result.value;
}

/** @throws RiskError as `risk margin` does where no leg at all has a price. */
function checkPriced({ legs, unpriced: [first] }: BookPositions, portfolio: Portfolio): void {
  if (first === undefined || legs.length > 0) return;
  const { code, message } = first.failure;
  throw new RiskError(
    code,
    `No leg can be priced. ${message}`,
    `/positions/${portfolio.legs.indexOf(first.leg)}/instrument`,
  );
}

function marginOf(outcome: MarginOutcome): AccountMargin {
  const { id } = outcome;
  if ('unsupported' in outcome) return { id, unsupported: wordsOf(outcome.unsupported) };
  const { initialMarginUsd, maintenanceMarginUsd, equityUsd, availableUsd, marginRatio, worstScenario } = outcome;
  return {
    id,
    initialMarginUsd: finite(initialMarginUsd),
    maintenanceMarginUsd: finite(maintenanceMarginUsd),
    equityUsd: finite(equityUsd),
    availableUsd: finite(availableUsd),
    marginRatio: marginRatio === null ? null : finite(marginRatio),
    worstScenario: worstScenario && {
      label: plainText(worstScenario.label),
      spotMove: finite(worstScenario.spotMove),
      volShock: finite(worstScenario.volShock),
      lossUsd: finite(worstScenario.lossUsd),
    },
  };
}

/** @throws RiskError: JSON has no word for such a number. */
function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RiskError('bad-value', 'The figures of this account are too large to compute; check its quantities', '');
}

function wordsOf({ code, message }: Failure): { code: FailureCode; message: string } {
  return { code, message: plainText(message) };
}

async function valuesAtRisk(
  market: PreparedMarket,
  portfolio: Portfolio,
  requests: BatchQuestion['valueAtRisk'],
): Promise<AccountVar[]> {
  const rows: AccountVar[] = [];
  for (const request of requests) rows.push(await accountVar(market, { ...request, portfolio }, request.method));
  return rows;
}

async function accountVar(market: PreparedMarket, request: VarRequest, method: VarMethod): Promise<AccountVar> {
  try {
    const report = await valueAtRisk(market, request);
    if (report === null) throw new RiskError('internal', 'The computation was abandoned');
    const { valueAtRiskUsd, expectedShortfallUsd, standardError } = report;
    return {
      method,
      valueAtRiskUsd: finite(valueAtRiskUsd),
      expectedShortfallUsd: finite(expectedShortfallUsd),
      standardError,
    };
  } catch (error) {
    return { method, error: wordsOf(failureOf(error)) };
  }
}
