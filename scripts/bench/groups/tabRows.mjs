import { tabTasks } from '../tabTasks.mjs';
import { milliseconds } from '../table.mjs';

/** A longer task is felt as a stutter. */
const LONGEST_TASK_MS = 50;

/**
 * The page's thread in every tab of the dock and every choice of the pictures, while it is opened and while the book is edited.
 * @param {import('../BenchContext.mjs').BenchContext} context
 * @returns {Promise<import('../table.mjs').Section[]>}
 */
export async function tabRows({ browserPath, app, books: { fortyLegsLink } }) {
  const { code, legs } = await fortyLegsLink();
  const places = await tabTasks(browserPath, await app(), code, legs);
  return [
    {
      title: `Longest task of the page's thread: ${legs} legs, opening a place; editing in it`,
      rows: places.map(({ place, opening, editing }) => ({
        what: place,
        value: Math.max(opening.longest, editing.longest),
        measured: `${milliseconds(opening.longest)}; ${milliseconds(editing.longest)}`,
        floor: `at most ${milliseconds(LONGEST_TASK_MS)}`,
        holds: opening.long.length + editing.long.length === 0,
      })),
    },
  ];
}
