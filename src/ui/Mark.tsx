/** The mark: an H whose crossbar is the top of a filled level. Equity stands, the requirement fills, the rest is headroom. */
export function Mark() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" role="img" aria-label="Headroom">
      <rect x="5.5" y="11" width="9" height="7" fill="var(--mgn)" />
      <path d="M4 2v16M16 2v16" stroke="currentColor" strokeWidth="3" />
    </svg>
  );
}
