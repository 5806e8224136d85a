import { legGreeks } from './legGreeks.ts';
import { optionPrices } from './optionPrices.ts';
import { quotedVols } from './quotedVols.ts';
import { editedLeg, revaluedBook } from './revaluedBook.ts';
import { stressGrid } from './stressGrid.ts';
import type { Workload, WorkloadSetting } from './Workload.ts';

export const CASES = ['W1', 'W2R', 'W2', 'W2I', 'W3', 'W4', 'W5'] as const;
export type Case = (typeof CASES)[number];

/** Those that several workers may share. */
export const SHARED_CASES: readonly Case[] = ['W1', 'W2R', 'W2'];

export const workloads: Readonly<Record<Case, (setting: WorkloadSetting) => Promise<Workload>>> = {
  W1: optionPrices,
  W2R: (setting) => revaluedBook(setting, 'given'),
  W2: (setting) => revaluedBook(setting, 'drawn'),
  W2I: editedLeg,
  W3: legGreeks,
  W4: stressGrid,
  W5: quotedVols,
};
