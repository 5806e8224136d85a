export function CommandField() {
  return <div aria-label="Type a trade" />;
}
