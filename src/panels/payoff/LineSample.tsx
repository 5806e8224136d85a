/** A piece of a line for a legend; dashed is what was before. */
export function LineSample({ dashed = false }: { dashed?: boolean }) {
  return (
    <svg width="16" height="4" viewBox="0 0 16 4" aria-hidden="true">
      <line
        x1="0"
        x2="16"
        y1="2"
        y2="2"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeDasharray={dashed ? '5 3' : undefined}
      />
    </svg>
  );
}
