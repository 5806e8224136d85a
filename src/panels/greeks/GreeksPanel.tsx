export function GreeksPanel() {
  return <div aria-label="Greeks by expiry" />;
}
