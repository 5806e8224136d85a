import type { SurfaceMesh, SurfaceReport } from '../../engine/domain/surfaceReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { dateCode, ivPercent, percent, signedPercent } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { roundDomain, roundTicks } from '../../ui/plot.ts';
import type { SurfacePicture, SurfaceTick } from '../../ui/SurfacePlot.tsx';

export interface MeshView {
  readonly picture: SurfacePicture;
  readonly description: string;
  readonly numbers: () => Numbers;
  /** The expiry of a row, or of the one nearest to it. */
  readonly expiryAt: (row: number) => Timestamp | null;
}

/** d1 of the calls of 95, 90, 75, 50, 25, 10 and 5 delta, as traders name the options on either side. */
const DELTAS: readonly { readonly d1: number; readonly text: string }[] = [
  { d1: 1.2815515655446004, text: '10Δ put' },
  { d1: 0.6744897501960817, text: '25Δ' },
  { d1: 0, text: '50Δ' },
  { d1: -0.6744897501960817, text: '25Δ' },
  { d1: -1.2815515655446004, text: '10Δ call' },
];
/** Every so many columns a line is drawn. */
const COLUMN_LINES = 4;
/** Texts of expiries stand this share of the axis apart at least. */
const TEXT_GAP = 0.085;

/** The surface as a picture: across by delta or moneyness, along by the root of time, up by vol. Null without one. */
export function meshView(report: SurfaceReport, chosen: Timestamp | null): MeshView | null {
  const { mesh } = report;
  if (mesh === null) return null;
  const vols = mesh.rows.flatMap((row) => row.vols).filter((vol) => vol !== null);
  if (vols.length === 0) return null;
  const [low, high] = roundDomain(Math.min(...vols), Math.max(...vols), 4);
  const roots = mesh.rows.map(({ timeToExpiryYears }) => Math.sqrt(timeToExpiryYears));
  const along = roots.map((root) => (root - roots[0]!) / (roots.at(-1)! - roots[0]!));
  const ends = acrossEnds(mesh);
  const across = mesh.rows.map((row) => row.across.map((at) => place(ends, at)));
  const [first, last] = [mesh.rows[0]!.expiry, mesh.rows.at(-1)!.expiry];
  const name = (row: number, column: number) => {
    const { expiry, timeToExpiryYears, vols: values } = mesh.rows[row]!;
    const when = expiry === null ? `${Math.round(timeToExpiryYears * 365)} days` : dateCode(expiry, report.asOf);
    const vol = values[column];
    return `${when}, ${acrossName(mesh, row, column)}: ${vol == null ? 'not quoted' : ivPercent(vol)}`;
  };
  return {
    picture: {
      across,
      along,
      values: mesh.rows.map((row) => row.vols),
      domain: [low, high],
      ticks: {
        across: ticksAcross(mesh, ends),
        along: expiryTicks(report, mesh, along),
        up: roundTicks(low, high, 4).map((value) => ({ at: (value - low) / (high - low), text: percent(value, 0) })),
      },
      titles: {
        across: mesh.axis === 'delta' ? 'forward delta' : 'strike over forward',
        along: 'expiry',
        up: 'IV',
      },
      lines: mesh.rows.flatMap(({ expiry }, row) => (expiry === null ? [] : [{ row, isStrong: expiry === chosen }])),
      columns: across[0]!.flatMap((_, column) => (column % COLUMN_LINES === 0 ? [column] : [])),
      name,
    },
    description: `Implied volatility over ${mesh.axis === 'delta' ? 'delta' : 'strike over forward'} and expiry, ${first === null ? '' : dateCode(first, report.asOf)} to ${last === null ? '' : dateCode(last, report.asOf)}: from ${ivPercent(Math.min(...vols))} to ${ivPercent(Math.max(...vols))}.`,
    numbers: () => ({
      columns: [
        { name: 'Expiry', unit: '', digits: 0 },
        ...across[0]!.map((_, column) => ({
          name: mesh.axis === 'delta' ? acrossName(mesh, 0, column) : `Point ${column + 1}`,
          unit: '%',
          digits: 2,
        })),
      ],
      rows: mesh.rows
        .filter(({ expiry }) => expiry !== null)
        .map(({ expiry, vols: values }) => [
          dateCode(expiry!, report.asOf),
          ...values.map((vol) => (vol === null ? null : vol * 100)),
        ]),
    }),
    expiryAt: (row) => {
      const here = along[row];
      let nearest: { expiry: Timestamp; distance: number } | null = null;
      mesh.rows.forEach(({ expiry }, i) => {
        const distance = Math.abs(along[i]! - here!);
        if (expiry !== null && (nearest === null || distance < nearest.distance)) nearest = { expiry, distance };
      });
      return (nearest as { expiry: Timestamp } | null)?.expiry ?? null;
    },
  };
}

/** The axis at the lowest and at the highest strike. */
function acrossEnds({ axis, rows }: SurfaceMesh): readonly [number, number] {
  const all = rows.flatMap(({ across }) => across);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return axis === 'delta' ? [most, least] : [least, most];
}

/** 0 at the lowest strike, 1 at the highest. */
function place([first, last]: readonly [number, number], at: number): number {
  return (at - first) / (last - first);
}

function ticksAcross(mesh: SurfaceMesh, ends: readonly [number, number]): SurfaceTick[] {
  if (mesh.axis === 'delta') return DELTAS.map(({ d1, text }) => ({ at: place(ends, d1), text }));
  const [first, last] = ends.map((k) => Math.exp(k) - 1) as [number, number];
  return roundTicks(first, last, 6).map((move) => ({
    at: place(ends, Math.log(1 + move)),
    text: signedPercent(move, 0),
  }));
}

function acrossName(mesh: SurfaceMesh, row: number, column: number): string {
  const at = mesh.rows[row]!.across[column]!;
  if (mesh.axis === 'moneyness') return `strike ${signedPercent(Math.exp(at) - 1, 1)}`;
  const call = normalShare(at);
  return call > 0.5 ? `${Math.round((1 - call) * 100)}Δ put` : `${Math.round(call * 100)}Δ call`;
}

/** N(x) to the three digits that a name needs (Abramowitz and Stegun 26.2.18). */
function normalShare(x: number): number {
  const z = Math.abs(x);
  const tail = 0.5 / (1 + z * (0.196854 + z * (0.115194 + z * (0.000344 + z * 0.019527)))) ** 4;
  return x >= 0 ? 1 - tail : tail;
}

/** The first, the last, and of those between as many as have room. */
function expiryTicks(report: SurfaceReport, mesh: SurfaceMesh, along: readonly number[]): SurfaceTick[] {
  const all = mesh.rows.flatMap(({ expiry }, row) =>
    expiry === null ? [] : [{ at: along[row]!, text: dateCode(expiry, report.asOf) }],
  );
  const end = all.at(-1)!;
  let last = Number.NEGATIVE_INFINITY;
  return all.filter(({ at }) => {
    const hasRoom = at === end.at || (at - last >= TEXT_GAP && end.at - at >= TEXT_GAP);
    if (hasRoom) last = at;
    return hasRoom;
  });
}
