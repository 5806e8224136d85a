import { act, type ComponentType } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { arriving } from './arriving.tsx';
import { Late } from './Late.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

let root: Root;
let host: HTMLElement;

beforeEach(() => {
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});
afterEach(() => {
  act(() => root.unmount());
  host.remove();
});

/** A part that arrives, or does not, when the test says so. */
function late(text: string) {
  let arrive: (part: ComponentType<object>) => void = () => {};
  let fail: (failure: Error) => void = () => {};
  const load = vi.fn(
    () =>
      new Promise<ComponentType<object>>((resolve, reject) => {
        [arrive, fail] = [resolve, reject];
      }),
  );
  return { Part: arriving(load), load, arrive: () => arrive(() => <b>{text}</b>), fail: () => fail(new Error(text)) };
}

/** What is put up in the tasks that follow. */
const settled = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

describe('a part that arrives', () => {
  it('is fetched once, when it is first shown, and its stand-in is there until then', async () => {
    const { Part, load, arrive } = late('here');
    expect(load).not.toHaveBeenCalled();
    const part = (
      <Late fallback="soon ">
        <Part />
      </Late>
    );
    act(() =>
      root.render(
        <>
          {part}
          {part}
        </>,
      ),
    );
    expect(load).toHaveBeenCalledTimes(1);
    expect(host.textContent).toBe('soon soon ');
    arrive();
    await settled();
    expect(host.innerHTML).toBe('<b>here</b><b>here</b>');
    // Whoever shows it from now on has it at once.
    act(() => root.render(<main>{part}</main>));
    expect(host.innerHTML).toBe('<main><b>here</b></main>');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('comes up in a task of its own, as soon as it is here', async () => {
    const [one, other] = [late('one '), late('other')];
    act(() =>
      root.render(
        <Late>
          <one.Part />
          <other.Part />
        </Late>,
      ),
    );
    const seen: string[] = [];
    const observer = new MutationObserver(() => seen.push(host.textContent ?? ''));
    observer.observe(host, { childList: true, subtree: true });
    // Told apart by React itself: inside `act` it would put both up together.
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false);
    one.arrive();
    other.arrive();
    await vi.waitFor(() => expect(host.textContent).toBe('one other'));
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    expect(seen).toEqual(['one ', 'one other']);
  });

  it('leaves its stand-in where it does not arrive, and the rest goes on', async () => {
    const [lost, found] = [late('lost'), late('found')];
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    act(() =>
      root.render(
        <>
          <Late fallback="soon ">
            <lost.Part />
          </Late>
          <Late>
            <found.Part />
          </Late>
        </>,
      ),
    );
    lost.fail();
    found.arrive();
    await settled();
    expect(host.innerHTML).toBe('soon <b>found</b>');
    silent.mockRestore();
  });
});
