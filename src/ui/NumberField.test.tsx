import { act, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from './fixtures/eventually.ts';
import { NumberField } from './NumberField.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

const onChange = vi.fn();
const onCommit = vi.fn();
const onCancel = vi.fn();
const onEnter = vi.fn();
let root: Root;
let host: HTMLElement;

type Props = Partial<Parameters<typeof NumberField>[0]>;

function Field(props: Props & { initial: number }) {
  const [value, setValue] = useState(props.initial);
  return (
    <NumberField
      label="Quantity of 27 JUN 96k P"
      unit="BTC"
      locale="en-US"
      onChange={onChange}
      onCancel={onCancel}
      onEnter={onEnter}
      onCommit={(next) => {
        onCommit(next);
        setValue(next);
      }}
      {...props}
      value={value}
    />
  );
}

function show(initial: number, props: Props = {}) {
  act(() => root.render(<Field initial={initial} {...props} />));
  return host.querySelector<HTMLInputElement>('[role="spinbutton"]')!;
}

function press(input: HTMLInputElement, key: string, modifiers: KeyboardEventInit = {}) {
  act(() => {
    input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers }));
  });
}

function release(input: HTMLInputElement, key: string) {
  act(() => {
    input.dispatchEvent(new KeyboardEvent('keyup', { key, bubbles: true }));
  });
}

function type(input: HTMLInputElement, text: string) {
  act(() => {
    input.focus();
    // The setter of the prototype, so that React sees a change and not its own value.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function blur(input: HTMLInputElement) {
  act(() => input.blur());
}

beforeEach(() => {
  vi.clearAllMocks();
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});

afterEach(() => {
  act(() => root.unmount());
  host.remove();
});

describe('NumberField', () => {
  it('is a spin button that speaks its unit and shows a true minus', () => {
    const input = show(-1234.5, { min: -1e6 });
    expect(input.value).toBe('−1,234.5');
    expect(input.getAttribute('aria-label')).toBe('Quantity of 27 JUN 96k P');
    expect(input.getAttribute('aria-valuenow')).toBe('-1234.5');
    expect(input.getAttribute('aria-valuetext')).toBe('−1,234.5 BTC');
    expect(input.getAttribute('aria-valuemin')).toBe('-1000000');
    expect(input.getAttribute('aria-invalid')).toBe('false');
  });

  it('writes numbers as the locale does', () => {
    expect(show(1234.5, { locale: 'de-DE', signed: true }).value).toBe('+1.234,5');
  });

  it.each([
    ['-5', -5],
    ['−5', -5],
    ['12*3', 36],
    ['+10%', -11],
  ])('commits %s on Enter', (text, expected) => {
    const input = show(-10);
    type(input, text);
    expect(onCommit).not.toHaveBeenCalled();
    press(input, 'Enter');
    expect(onCommit.mock.calls).toEqual([[expected]]);
    expect(onEnter).not.toHaveBeenCalled();
  });

  it('commits on blur, and only what has changed', () => {
    const input = show(-10);
    type(input, '-12');
    blur(input);
    expect(onCommit.mock.calls).toEqual([[-12]]);
    type(input, '-12');
    blur(input);
    type(input, ' ');
    blur(input);
    expect(onCommit).toHaveBeenCalledTimes(1);
    expect(input.value).toBe('−12');
  });

  it('Esc restores', () => {
    const input = show(-10);
    type(input, '77');
    press(input, 'Escape');
    expect(input.value).toBe('−10');
    blur(input);
    expect(onCommit).not.toHaveBeenCalled();
  });

  it('keeps what cannot be taken, and says why', () => {
    const input = show(-10, { max: 100 });
    type(input, '5 apples');
    press(input, 'Enter');
    expect(input.value).toBe('5 apples');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(host.querySelector('[role="alert"]')?.textContent).toMatch(/not a number/);
    expect(document.getElementById(input.getAttribute('aria-describedby')!)).not.toBeNull();
    type(input, '101');
    expect(host.querySelector('[role="alert"]')).toBeNull();
    press(input, 'Enter');
    expect(host.querySelector('[role="alert"]')?.textContent).toBe('At most 100');
    type(input, '1e308');
    press(input, 'Enter');
    expect(onCommit).not.toHaveBeenCalled();
  });

  it('Enter with nothing typed belongs to the owner', () => {
    press(show(-10), 'Enter');
    expect(onEnter).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['ArrowUp', {}, -9],
    ['ArrowDown', {}, -11],
    ['PageUp', {}, 0],
    ['PageDown', {}, -20],
    ['ArrowUp', { shiftKey: true }, -9.9],
    ['ArrowUp', { altKey: true }, 0],
  ])('%s %o steps to %d', (key, modifiers, expected) => {
    const input = show(-10);
    press(input, key, modifiers);
    release(input, key);
    expect(onChange.mock.calls).toEqual([[expected]]);
    expect(onCommit.mock.calls).toEqual([[expected]]);
  });

  it('a held key changes live and commits once', () => {
    const input = show(-10);
    for (let repeat = 0; repeat < 4; repeat += 1) press(input, 'ArrowUp');
    expect(onChange.mock.calls).toEqual([[-9], [-8], [-7], [-6]]);
    expect(onCommit).not.toHaveBeenCalled();
    release(input, 'ArrowUp');
    expect(onCommit.mock.calls).toEqual([[-6]]);
  });

  it('Esc gives a held key up', () => {
    const input = show(-10);
    press(input, 'ArrowUp');
    press(input, 'Escape');
    release(input, 'ArrowUp');
    expect(onCancel).toHaveBeenCalledTimes(1);
    expect(onCommit).not.toHaveBeenCalled();
    expect(input.value).toBe('−10');
  });

  it('passes over zero where zero would remove the thing', () => {
    const input = show(-1, { skipsZero: true });
    press(input, 'ArrowUp');
    release(input, 'ArrowUp');
    expect(onCommit.mock.calls).toEqual([[1]]);
  });

  it('stays within its range', () => {
    const input = show(99, { max: 100 });
    press(input, 'PageUp');
    release(input, 'PageUp');
    expect(onCommit.mock.calls).toEqual([[100]]);
  });

  it('a drag is live, then commits once; Shift drags finely', async () => {
    show(-10);
    const area = host.querySelector<HTMLElement>('[role="presentation"]')!;
    const move = (movementX: number, shiftKey = false) =>
      act(async () => {
        const event = new MouseEvent('pointermove', { bubbles: true, shiftKey });
        Object.defineProperty(event, 'movementX', { value: movementX });
        Object.defineProperty(event, 'movementY', { value: 0 });
        window.dispatchEvent(event);
      });
    await act(async () => {
      const down = new MouseEvent('pointerdown', { bubbles: true, cancelable: true, button: 0 });
      Object.defineProperty(down, 'pointerType', { value: 'mouse' });
      area.dispatchEvent(down);
    });
    await move(8);
    await move(8);
    expect(onChange.mock.calls).toEqual([[-8], [-6]]);
    await move(20, true); // 2 px: half a step
    expect(onChange.mock.calls.at(-1)).toEqual([-5.5]);
    expect(onCommit).not.toHaveBeenCalled();
    await act(async () => {
      window.dispatchEvent(new MouseEvent('pointerup', { bubbles: true }));
    });
    expect(onCommit.mock.calls).toEqual([[-5.5]]);
  });

  it('a field that leaves in the middle of a gesture gives it up', () => {
    const input = show(-10);
    press(input, 'ArrowUp');
    act(() => root.render(null));
    expect(onCancel).toHaveBeenCalledTimes(1);
  });

  describe('when its owner draws each step', () => {
    /** Shows a value only when it is told to, as an owner does that waits for what follows from it. */
    function showOwned(initial: number) {
      const show = (value: number) =>
        act(() =>
          root.render(
            <NumberField label="Quantity" locale="en-US" isDrawnByOwner value={value} {...{ onChange, onCommit }} />,
          ),
        );
      show(initial);
      return { show, input: host.querySelector<HTMLInputElement>('[role="spinbutton"]')! };
    }

    it('steps without drawing, and steps on from what was not drawn yet', () => {
      const { show, input } = showOwned(5);
      for (const _step of [1, 2]) {
        press(input, 'ArrowUp');
        release(input, 'ArrowUp');
      }
      expect(onCommit.mock.calls).toEqual([[6], [7]]);
      expect(input.value).toBe('5');
      show(7);
      expect(input.value).toBe('7');
    });

    it('keeps a typed number in sight until the owner shows it', () => {
      const { show, input } = showOwned(5);
      type(input, '12');
      press(input, 'Enter');
      expect(onCommit.mock.calls).toEqual([[12]]);
      expect(input.value).toBe('12');
      show(12);
      expect(input.value).toBe('12');
    });

    it('goes back to the owner’s number when the owner does not take it', async () => {
      const { input } = showOwned(5);
      type(input, '12');
      press(input, 'Enter');
      await eventually(async () => {
        await act(async () => {});
        expect(input.value).toBe('5');
      });
      press(input, 'ArrowUp');
      expect(onChange).toHaveBeenLastCalledWith(6);
    });
  });
});
