import type { Notice } from '../domain/marketSummary.ts';

/** Says once that workers of a pool have computed in plain TypeScript. */
export function faultNotice(notices: Notice[]): (answer: { readonly fault: string | null }) => void {
  let isSaid = false;
  return ({ fault }) => {
    if (fault === null || isSaid) return;
    isSaid = true;
    notices.push({
      severity: 'info',
      message: `The WebAssembly kernels of a path worker stopped working (${fault}): plain TypeScript computed its share, the same to twelve digits`,
    });
  };
}
