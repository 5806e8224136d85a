import { describe, expect, it } from 'vitest';
import { labelSpots } from './lineLabels.ts';

const x = [0, 50, 100];
const axes = { x: { domain: [0, 100] as const, ticks: [] }, y: { domain: [0, 100] as const, ticks: [] } };

describe('labelSpots', () => {
  it('names two crossing lines where they are apart', () => {
    const [one, two] = labelSpots(
      [
        { text: 'Up', x, y: [10, 50, 90] },
        { text: 'Down', x, y: [90, 50, 10] },
      ],
      [],
      axes,
    );
    for (const spot of [one, two]) expect(Math.abs(spot!.x - 50)).toBeGreaterThan(10);
  });
  it('leaves a line unnamed that is nowhere on the plot', () => {
    expect(labelSpots([{ text: 'Far', x, y: [500, 500, 500] }], [], axes)).toEqual([null]);
  });
});
