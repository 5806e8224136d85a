const waiting: (() => void)[] = [];
const { port1, port2 } = new MessageChannel();

port1.onmessage = () => {
  if (waiting.length > 1) port2.postMessage(null);
  waiting.shift()?.();
};

/** Runs this after all that was given before it, in a task of its own: what a person does, and frames, come in between. */
export function inOwnTask(run: () => void): void {
  waiting.push(run);
  if (waiting.length === 1) port2.postMessage(null);
}
