/** A hidden page paints no frames; what waits for one goes on after this long. */
const HIDDEN_MS = 100;

/** Runs once the next frame has been painted, or soon anyway while the page is hidden. Answers the function that calls it off. */
export function afterPaint(run: () => void): () => void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    run();
  };
  const frame = requestAnimationFrame(() => {
    // The message is handled after the frame that is being prepared has been painted.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      once();
    };
    port2.postMessage(null);
  });
  const timer = setTimeout(once, HIDDEN_MS);
  return () => {
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
