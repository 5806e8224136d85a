// What .ci/run asks of the documents that the risk command prints. Plain Node, so that it judges the command and not itself.
//   node .ci/judge.mjs market FILE COINS          a market of so many coins, each with expiries and quotes
//   node .ci/judge.mjs book MARKET OUT            writes a ten-leg book on what the market lists
//   node .ci/judge.mjs sound FILE                 every figure is finite, nothing is empty
//   node .ci/judge.mjs sums FOLDER                splits and components add up to their totals
//   node .ci/judge.mjs replay POINTS MARGIN       the crash's four moments, the third as the margin of its own market
//   node .ci/judge.mjs structures MARKET FOLDER   writes the books of a strangle, condor, calendar, hedged put and box
//   node .ci/judge.mjs offsets FOLDER             what offsets earn under each rulebook is what a trader knows of it
//   node .ci/judge.mjs conformance LINES SUMMARY  cases passed, none failed
//   node .ci/judge.mjs surface FITTED REPAIRED    smiles close to their quotes; repaired, free of arbitrage
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Reference figures that we hold to be wrong, and why. The command itself reports them as failed. */
const DISPUTED = new Map([
  [
    'deribit-pm-derived-box',
    'three scenarios are equal by the rule; the reference names the one that its rounding raised',
  ],
]);

const [verb, ...args] = process.argv.slice(2);
/** Rulebooks that refuse futures by name: the ten-leg book has two. */
const WITHOUT_FUTURES = ['binance-options', 'reg-t'];
/** Rulebooks that margin each leg by itself: what is bought frees nothing. */
const WITHOUT_OFFSET = ['isolated', 'cross', 'deribit-sm', 'binance-options'];

const judges = {
  market,
  book,
  sound,
  sums,
  sampled,
  accounts,
  batch,
  replay,
  structures,
  offsets,
  conformance,
  surface,
};
if (!Object.hasOwn(judges, verb)) refuse(`There is no judge "${verb}".`);
judges[verb](...args);

function market(file, coins) {
  const { schema, underlyings } = json(file);
  if (schema !== 'headroom/market@1') refuse(`${file} is ${schema}, not headroom/market@1`);
  const symbols = Object.keys(underlyings);
  if (symbols.length !== Number(coins)) refuse(`${file} holds ${symbols.join(', ')}; ${coins} coins were given`);
  for (const symbol of symbols) {
    const { index, expiries } = underlyings[symbol];
    const quotes = expiries.flatMap((expiry) => expiry.quotes).filter(({ markIv }) => markIv > 0);
    if (!(index > 0)) refuse(`${symbol} has no index`);
    if (expiries.length < 5 || quotes.length < 250)
      refuse(
        `${symbol} has ${expiries.length} expiries and ${quotes.length} quotes with a mark vol; a whole chain has more`,
      );
    console.log(`${symbol}: ${expiries.length} expiries, ${quotes.length} quotes, index ${index}`);
  }
}

/** Strangles with wings in two coins and three expiries, a calendar, hedged with futures: a recorded chain has no perpetual. */
function book(marketFile, out) {
  const { asOf, underlyings } = json(marketFile);
  const positions = [];
  const add = (instrument, quantity) => positions.push({ id: `p${positions.length + 1}`, instrument, quantity });
  const expiryIn = (symbol, days) => {
    const target = Date.parse(asOf) + days * 86_400_000;
    return nearest(
      underlyings[symbol].expiries.filter(({ quotes }) => quotes.length > 5),
      (candidate) => Math.abs(Date.parse(candidate.expiry) - target),
    );
  };
  const option = (symbol, days, moneyness, type, quantity) => {
    const expiry = expiryIn(symbol, days);
    const listed = expiry.quotes.filter((quote) => quote.type === type && quote.markIv > 0);
    const { strike } = nearest(listed, (quote) => Math.abs(Math.log(quote.strike / (expiry.forward * moneyness))));
    add(`${symbol}-${dateCode(expiry.expiry)}-${String(strike).replace('.', 'd')}-${type}`, quantity);
  };
  option('BTC', 22, 0.85, 'P', -10);
  option('BTC', 22, 1.15, 'C', -10);
  option('BTC', 22, 0.7, 'P', 10);
  option('BTC', 50, 1.0, 'C', 5);
  option('BTC', 140, 1.3, 'C', -6);
  add(`BTC-${dateCode(expiryIn('BTC', 22).expiry)}`, -120_000);
  option('ETH', 22, 0.85, 'P', -80);
  option('ETH', 22, 1.2, 'C', -80);
  option('ETH', 50, 0.75, 'P', 60);
  add(`ETH-${dateCode(expiryIn('ETH', 50).expiry)}`, 50_000);
  if (new Set(positions.map(({ instrument }) => instrument)).size !== 10)
    refuse('The book does not have ten different legs');
  const document = {
    schema: 'headroom/portfolio@1',
    name: 'Ten legs, two coins',
    positions,
    collateral: [
      { asset: 'USDC', quantity: 400_000 },
      { asset: 'BTC', quantity: 6 },
      { asset: 'ETH', quantity: 50 },
    ],
  };
  writeFileSync(out, JSON.stringify(document, null, 2));
  for (const { instrument, quantity } of positions) console.log(`${String(quantity).padStart(8)}  ${instrument}`);
}

function sound(file) {
  const text = readFileSync(file, 'utf8');
  let figures = 0;
  const look = (value, pointer) => {
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) refuse(`${pointer} is ${value}`);
      figures += 1;
    } else if (typeof value === 'string') {
      if (/\b(NaN|Infinity|undefined)\b|\[object/.test(value)) refuse(`${pointer} says ${value}`);
    } else if (value !== null && typeof value === 'object') {
      for (const [key, child] of Object.entries(value)) {
        if (key === 'unsupported' && !refusesFuture(value))
          refuse(`${pointer} is unsupported: ${JSON.stringify(child)}`);
        look(child, `${pointer}/${key}`);
      }
    }
  };
  look(JSON.parse(text), '');
  if (figures < 5) refuse(`There are ${figures} figures in it`);
  console.log(`${figures} figures, all finite`);
}

function sums(folder) {
  const read = (name) => json(path.join(folder, name));
  const value = read('value.json');
  close('value by coin', total(value.positions, 'valueUsd'), total(Object.values(value.byUnderlying), 'valueUsd'));
  close('value by expiry', total(value.positions, 'valueUsd'), total(value.byExpiry, 'valueUsd'));
  close('equity', value.equityUsd, value.collateralUsd + total(value.positions, 'valueUsd'));

  const margin = read('margin.json');
  const models = margin.filter((model) => !('unsupported' in model));
  if (margin.length < 18) refuse(`There are ${margin.length} rulebooks`);
  for (const model of models) {
    close(`${model.id}: components`, total(model.components, 'usd'), model.initialMarginUsd);
    close(`${model.id}: positions`, total(model.positions, 'initialMarginUsd'), model.initialMarginUsd);
    close(`${model.id}: available`, model.availableUsd, model.equityUsd - model.initialMarginUsd);
    if (!(model.maintenanceMarginUsd <= model.initialMarginUsd))
      refuse(`${model.id}: maintenance is above initial margin`);
  }
  const of = (id) => models.find((model) => model.id === id).initialMarginUsd;
  if (!(of('portfolio') <= of('cross') && of('cross') <= of('isolated')))
    refuse(`portfolio ${of('portfolio')}, cross ${of('cross')}, isolated ${of('isolated')}: each is at most the next`);

  const stress = read('stress.json');
  const still = stress.pnlUsd[stress.vol.indexOf(0)][stress.spot.indexOf(0)];
  close('stress: nothing moves', still, 0, value.equityUsd);
  const here = stress.initialMarginUsd[stress.vol.indexOf(0)][stress.spot.indexOf(0)];
  close('stress: margin where nothing moves', here, of('portfolio'));

  for (const method of ['historical', 'filtered', 'parametric', 'monte-carlo']) {
    const report = read(`var-${method}.json`);
    close(`${method}: components`, total(report.byPosition, 'valueAtRiskUsd'), report.valueAtRiskUsd);
    if (!(report.expectedShortfallUsd >= report.valueAtRiskUsd)) refuse(`${method}: expected shortfall is below VaR`);
    console.log(
      `${method}: VaR ${report.valueAtRiskUsd.toFixed(0)}, expected shortfall ${report.expectedShortfallUsd.toFixed(0)}, ${report.observations} observations`,
    );
  }
  for (const model of models)
    console.log(
      `${model.id}: initial ${model.initialMarginUsd.toFixed(0)}, maintenance ${model.maintenanceMarginUsd.toFixed(0)}`,
    );
}

/** A rulebook that may refuse a future does so in words that name it. */
/** Plain and weighted sampling within their errors; the proxy within its stated one of full revaluation, and the truth beside it. */
function sampled(folder) {
  const [weighted, plain, proxy] = ['monte-carlo', 'plain', 'proxy'].map((name) => json(`${folder}/var-${name}.json`));
  for (const field of ['valueAtRiskUsd', 'expectedShortfallUsd']) {
    const apart = Math.abs(weighted[field] - plain[field]);
    const error = Math.hypot(weighted.standardError[field], plain.standardError[field]);
    console.log(
      `${field}: ${weighted[field].toFixed(0)} weighted, ${plain[field].toFixed(0)} plain, error ${error.toFixed(0)}`,
    );
    if (!(apart < 4 * error)) refuse(`${field} differs by ${apart}, ${apart / error} standard errors`);
    if (!(weighted.standardError[field] < plain.standardError[field])) refuse(`${field} is not surer when weighted`);
  }
  const { maxUsd, shareOfGrossPremium } = proxy.proxyError;
  if (!(shareOfGrossPremium <= 1e-6)) refuse(`the proxy is off by ${shareOfGrossPremium} of gross premium`);
  const { full, largestDifferenceUsd } = proxy.verification;
  if (!(largestDifferenceUsd <= maxUsd))
    refuse(`the proxy is off by ${largestDifferenceUsd} on a path, stated ${maxUsd}`);
  for (const field of ['valueAtRiskUsd', 'expectedShortfallUsd'])
    if (!(Math.abs(full[field] - proxy[field]) <= maxUsd))
      refuse(`${field} by proxy is ${proxy[field]}, in full ${full[field]}`);
}

function replay(pointsFile, marginFile) {
  const points = readFileSync(pointsFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const days = points.map(({ at }) => at.slice(0, 10)).join(' ');
  if (days !== '2026-02-05 2026-02-05 2026-02-05 2026-02-06') refuse(`the crash has the moments ${days}`);
  const margins = json(marginFile);
  const own = (margins.models ?? margins).find(({ id }) => id === 'portfolio');
  for (const figure of ['initialMarginUsd', 'maintenanceMarginUsd', 'equityUsd'])
    if (points[2][figure] !== own[figure])
      refuse(`${figure} is ${points[2][figure]} on the way and ${own[figure]} alone`);
  for (const { at, index, initialMarginUsd, equityUsd } of points)
    console.log(`${at}: BTC ${index.BTC}, initial margin ${Math.round(initialMarginUsd)} of ${Math.round(equityUsd)}`);
}

/** The book as the first of forty accounts, its multiples, and one that cannot be read. */
function accounts(bookFile, out) {
  const whole = json(bookFile);
  const lines = Array.from({ length: 40 }, (_, i) => {
    const positions = whole.positions.map((leg) => ({ ...leg, quantity: leg.quantity * (1 + i) }));
    return JSON.stringify({ account: `account-${i}`, portfolio: { ...whole, positions } });
  });
  writeFileSync(out, `${[...lines, '{"account": "torn"'].join('\n')}\n`);
}

/** Every account has its row in order, the unreadable one its reason, and the first the margins that margin gives. */
function batch(folder) {
  const rows = readFileSync(`${folder}/batch.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  if (rows.length !== 41) refuse(`41 accounts have ${rows.length} rows`);
  rows.slice(0, 40).forEach(({ account, error }, i) => {
    if (account !== `account-${i}` || error) refuse(`row ${i} is of ${account}: ${JSON.stringify(error)}`);
  });
  if (!rows[40].error?.message) refuse('the torn account has no reason');
  const models = json(`${folder}/margin.json`).filter((model) => !('unsupported' in model));
  for (const { id, initialMarginUsd, maintenanceMarginUsd } of models) {
    const found = rows[0].margins.find((row) => row.id === id);
    close(`${id} initial`, found.initialMarginUsd, initialMarginUsd);
    close(`${id} maintenance`, found.maintenanceMarginUsd, maintenanceMarginUsd);
  }
  console.log(`${rows.length} rows, ${models.length} rulebooks as by margin`);
}

function refusesFuture({ id, unsupported }) {
  return WITHOUT_FUTURES.includes(id) && /\b[A-Z]+-(PERPETUAL|\d{1,2}[A-Z]{3}\d{2})\b/.test(unsupported.message);
}

/** One lot each of what every trader knows the offset of, on the bitcoin options some four weeks out. */
function structures(marketFile, folder) {
  const { asOf, underlyings } = json(marketFile);
  const { expiries } = underlyings.BTC;
  const inDays = (days) =>
    nearest(
      expiries.filter(({ quotes }) => quotes.length > 20),
      ({ expiry }) => Math.abs(Date.parse(expiry) - Date.parse(asOf) - days * 86_400_000),
    );
  const near = inDays(28);
  const far = inDays(60);
  if (near === far) refuse('The market lists no two expiries a month apart');
  // A strike that has every option of the structures: both types near, the call far.
  const has = ({ quotes }, strike, type) => quotes.some((q) => q.strike === strike && q.type === type && q.markIv > 0);
  const strikes = [...new Set(near.quotes.map(({ strike }) => strike))].filter(
    (strike) => has(near, strike, 'C') && has(near, strike, 'P'),
  );
  const at = (moneyness, listed = strikes) => nearest(listed, (strike) => Math.abs(strike / near.forward - moneyness));
  const both = strikes.filter((strike) => has(far, strike, 'C'));
  const option = (expiry, strike, type) => `BTC-${dateCode(expiry.expiry)}-${strike}-${type}`;
  const put = (strike) => option(near, strike, 'P');
  const call = (strike) => option(near, strike, 'C');
  const [low, lower, high, higher] = [at(0.88), at(0.8), at(1.12), at(1.2)];
  if (!(lower < low && low < high && high < higher))
    refuse(`The strikes ${lower}, ${low}, ${high}, ${higher} are not apart`);
  const middle = at(1, both);
  const books = {
    put: [[put(low), -1]],
    strangle: [
      [put(low), -1],
      [call(high), -1],
    ],
    condor: [
      [put(lower), 1],
      [put(low), -1],
      [call(high), -1],
      [call(higher), 1],
    ],
    call: [[call(middle), -1]],
    calendar: [
      [call(middle), -1],
      [option(far, middle, 'C'), 1],
    ],
    // Sold put, and as much of the future sold as its delta is about: a fifth of a coin.
    hedgedput: [
      [put(low), -1],
      [`BTC-${dateCode(near.expiry)}`, -Math.round(near.forward / 50) * 10],
    ],
    box: [
      [call(low), 1],
      [put(low), -1],
      [call(high), -1],
      [put(high), 1],
    ],
  };
  for (const [name, legs] of Object.entries(books)) {
    const positions = legs.map(([instrument, quantity], i) => ({ id: `p${i + 1}`, instrument, quantity }));
    const collateral = [{ asset: 'USDC', quantity: 200_000 }];
    const document = { schema: 'headroom/portfolio@1', name, positions, collateral };
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(document));
    console.log(`${name}: ${legs.map(([instrument, quantity]) => `${quantity} ${instrument}`).join(', ')}`);
  }
}

function offsets(folder) {
  const margins = new Map(
    ['put', 'strangle', 'condor', 'call', 'calendar', 'hedgedput', 'box'].map((name) => [
      name,
      new Map(json(path.join(folder, `${name}-margin.json`)).map((model) => [model.id, model])),
    ]),
  );
  for (const id of margins.get('put').keys()) {
    const requirement = (name) => {
      const model = margins.get(name).get(id);
      if ('unsupported' in model) {
        if (name === 'hedgedput' && refusesFuture(model)) return Number.NaN;
        refuse(`${id} refuses the ${name}: ${model.unsupported.message}`);
      }
      return model.initialMarginUsd;
    };
    const free = (name) => margins.get(name).get(id).availableUsd;
    const [put, strangle, condor, call, calendar, hedgedput, box] = [...margins.keys()].map(requirement);
    console.log(
      `${id.padEnd(19)} put ${put.toFixed(0)}, strangle ${strangle.toFixed(0)}, condor ${condor.toFixed(0)}; call ${call.toFixed(0)}, calendar ${calendar.toFixed(0)}; hedged put ${Number.isNaN(hedgedput) ? 'refused' : hedgedput.toFixed(0)}; box ${box.toFixed(0)}`,
    );
    const must = (holds, sentence) => holds || refuse(`${id}: ${sentence}`);
    must(put > 0 && call > 0, 'an option sold alone needs margin');
    // Where the book is taken whole, the call sold gains in the put's crash, so a strangle may need less than its put; most
    // where vol is held (TIMS), for then it gains nearly its premium.
    must(strangle >= (id === 'tims' ? 0.5 : 0.8) * put, 'a strangle needs about what its worse side needs, or more');
    if (WITHOUT_OFFSET.includes(id)) {
      must(condor >= strangle * (1 - 1e-9), 'wings free nothing where each leg stands alone');
      must(calendar >= call * (1 - 1e-9), 'a later call frees nothing where each leg stands alone');
      continue;
    }
    // Reg T states its requirement before what was received: there the wings show in what is left free.
    if (id === 'reg-t') must(free('condor') > free('strangle'), 'a condor leaves more than a strangle');
    else must(condor < 0.8 * strangle, 'wings free a good part of a strangle');
    must(free('box') > free('strangle'), 'a box leaves more than a strangle');
    if (id === 'derive-sm') continue; // It nets within an expiry only, by the largest loss at expiry.
    // Bybit charges the vega of one expiry against another's.
    must(calendar < (id === 'bybit-pm' ? 0.75 : 0.6) * call, 'a later call frees most of a call sold');
    if (Number.isFinite(hedgedput)) must(hedgedput < put, 'a future against its delta frees a part of a put sold');
  }
}

function conformance(linesFile, summaryFile) {
  const cases = readFileSync(linesFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const failing = cases.filter((line) => line.ok !== true && line.skipped === undefined);
  const bad = failing.filter(({ id }) => !DISPUTED.has(id));
  for (const { id } of failing) if (DISPUTED.has(id)) console.log(`disputed: ${id}, ${DISPUTED.get(id)}`);
  const good = cases.filter((line) => line.ok === true);
  const families = new Map();
  for (const { family } of good) families.set(family, (families.get(family) ?? 0) + 1);
  for (const [family, count] of families) console.log(`${family}: ${count} passed`);
  for (const line of bad.slice(0, 20)) console.error(JSON.stringify(line).slice(0, 300));
  // Venues' margin rules are built family by family; every family of numbers is to be whole.
  const left = new Set(cases.filter((line) => line.skipped !== undefined).map(({ family }) => family));
  const torn = [...left].filter((family) => !/^(cex|derive|onchain)-/.test(family));
  if (torn.length > 0) refuse(`Cases skipped in ${torn.join(', ')}`);
  const summary = readFileSync(summaryFile, 'utf8').trim().split('\n').at(-1);
  const skipped = cases.length - good.length - failing.length;
  const counted = `${good.length} passed, ${failing.length} failed, ${skipped} skipped`;
  console.log(counted);
  if (summary !== counted) refuse(`The command counted "${summary}"`);
  if (bad.length > 0 || good.length === 0) refuse(`${bad.length} cases failed, ${good.length} passed`);
}

/** Both documents of `risk surface`, without and with --repair: the density and the calendar are reckoned anew from the smiles. */
function surface(fittedFile, repairedFile) {
  const [fitted, repaired] = [json(fittedFile), json(repairedFile)];
  for (const symbol of Object.keys(repaired.underlyings)) {
    const [before, after] = [fitted.underlyings[symbol], repaired.underlyings[symbol]];
    if (after.expiries.length !== before.expiries.length) refuse(`${symbol}: the repair has lost an expiry`);
    const smiles = after.expiries.filter(({ svi }) => svi !== null);
    smiles.forEach(({ expiry, svi }, i) => {
      for (let k = -3; k <= 3; k += 0.0037) {
        if (density(svi, k) < 0) refuse(`${symbol} ${expiry}: butterfly arbitrage at k = ${k} after the repair`);
        const earlier = smiles[i - 1];
        if (earlier && variance(svi, k) < variance(earlier.svi, k) * (1 - 1e-12))
          refuse(`${symbol} ${expiry}: total variance falls at k = ${k} after the repair`);
      }
    });
    if (after.calendarArbitrage.length > 0) refuse(`${symbol}: calendar arbitrage after the repair`);
    for (const [name, { medianErrorVolPoints }] of Object.entries({ fitted: before, repaired: after })) {
      if (!(medianErrorVolPoints < 1)) refuse(`${symbol}, ${name}: median error ${medianErrorVolPoints} vol points`);
    }
    const repairs = after.expiries.filter(({ repair }) => repair !== null).length;
    console.log(
      `${symbol}: ${smiles.length} smiles, ${repairs} repaired; median error ${before.medianErrorVolPoints.toFixed(3)} vol points fitted, ${after.medianErrorVolPoints.toFixed(3)} repaired`,
    );
  }
}

function variance({ a, b, rho, m, sigma }, k) {
  return a + b * (rho * (k - m) + Math.sqrt((k - m) ** 2 + sigma ** 2));
}

/** Durrleman's g, which has the sign of the density. */
function density(svi, k) {
  const { b, rho, m, sigma } = svi;
  const root = Math.sqrt((k - m) ** 2 + sigma ** 2);
  const w = variance(svi, k);
  const slope = b * (rho + (k - m) / root);
  return (1 - (k * slope) / (2 * w)) ** 2 - (slope ** 2 / 4) * (1 / w + 0.25) + (b * sigma ** 2) / root ** 3 / 2;
}

function json(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function nearest(list, distance) {
  return list.reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best));
}

function dateCode(iso) {
  const date = new Date(iso);
  const month = date.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' }).toUpperCase();
  return `${date.getUTCDate()}${month}${String(date.getUTCFullYear() % 100).padStart(2, '0')}`;
}

function total(rows, field) {
  return rows.reduce((sum, row) => sum + row[field], 0);
}

/** Equal up to the rounding of a sum of doubles. */
function close(name, got, want, scale = want) {
  if (!(Math.abs(got - want) <= 1e-9 * Math.max(1, Math.abs(scale)))) refuse(`${name}: ${got} is not ${want}`);
}

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}
