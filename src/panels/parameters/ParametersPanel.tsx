export function ParametersPanel() {
  return <div aria-label="Parameters" />;
}
