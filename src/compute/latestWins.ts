/**
 * Runs one question at a time and remembers only the newest of those that wait: a burst of inputs costs two runs, never a
 * queue. Answers arrive in the order of their questions. `run` must settle; what it throws goes to `onError`.
 */
export function latestWins<Request, Answer>(
  run: (request: Request) => Promise<Answer>,
  onAnswer: (answer: Answer, request: Request) => void,
  onError: (error: unknown, request: Request) => void,
): (request: Request) => void {
  let running = false;
  let waiting: { request: Request } | null = null;

  async function start(request: Request): Promise<void> {
    running = true;
    for (let next: { request: Request } | null = { request }; next !== null; ) {
      const current: Request = next.request;
      try {
        const answer = await run(current);
        onAnswer(answer, current);
      } catch (error) {
        onError(error, current);
      }
      next = waiting;
      waiting = null;
    }
    running = false;
  }

  return (request) => {
    if (running) waiting = { request };
    else void start(request);
  };
}
