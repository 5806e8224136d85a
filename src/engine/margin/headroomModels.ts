import type { MarginModel } from './MarginModel.ts';
import { crossMargin } from './models/crossMargin.ts';
import { isolatedMargin } from './models/isolatedMargin.ts';
import { portfolioMargin } from './models/portfolioMargin.ts';

/** Headroom's own rulebooks, in the order in which they are shown: those that the first verdict needs. */
export const headroomModels: readonly MarginModel[] = [isolatedMargin, crossMargin, portfolioMargin];
