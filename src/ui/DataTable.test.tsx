import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DataColumn, DataTable } from './DataTable.tsx';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

interface Row {
  readonly id: string;
  readonly quantity: number;
}

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

/** New column objects on each call, as when a total that they show has changed. */
const columns = (): readonly DataColumn<Row>[] => [
  {
    id: 'quantity',
    header: 'Qty',
    name: 'Quantity',
    cell: (row) => <input aria-label={row.id} readOnly value={row.quantity} />,
  },
];

function show(rows: readonly Row[]) {
  act(() =>
    root.render(
      <DataTable caption="Legs" columns={columns()} sections={[{ key: 'legs', rows }]} rowKey={(row) => row.id} />,
    ),
  );
}

describe('DataTable', () => {
  it('keeps the field that is being edited when its figures and columns change', () => {
    show([{ id: 'a', quantity: 1 }]);
    const field = host.querySelector('input')!;
    field.focus();
    show([{ id: 'a', quantity: 2 }]);
    expect(host.querySelector('input')).toBe(field);
    expect(document.activeElement).toBe(field);
    expect(field.value).toBe('2');
  });
});
