export function ChainPanel() {
  return <div aria-label="Chain" />;
}
