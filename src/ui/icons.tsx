import type { ReactNode } from 'react';

/** Line drawings in the ink of what they stand in; decoration beside a name, never the name itself. */
function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const UndoIcon = () => (
  <Icon>
    <path d="M6 3 2.8 6.2 6 9.4M3 6.2h6a4 4 0 0 1 0 8H7" />
  </Icon>
);
export const RedoIcon = () => (
  <Icon>
    <path d="m10 3 3.2 3.2L10 9.4M13 6.2H7a4 4 0 0 0 0 8h2" />
  </Icon>
);
export const MoonIcon = () => (
  <Icon>
    <path d="M13 9.6A5.4 5.4 0 0 1 6.4 3 5.4 5.4 0 1 0 13 9.6Z" />
  </Icon>
);
export const SunIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1" />
  </Icon>
);
export const ChevronDownIcon = () => (
  <Icon size={12}>
    <path d="m4 6 4 4 4-4" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.6" />
  </Icon>
);
export const CurveIcon = () => (
  <Icon size={20}>
    <path d="M2.5 11.5c3 0 3-7 6-3.5s3.5-4 5-4.5" />
  </Icon>
);
export const GridIcon = () => (
  <Icon size={20}>
    <path d="M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11" />
  </Icon>
);
export const ListIcon = () => (
  <Icon size={20}>
    <path d="M2.5 4h11M2.5 8h11M2.5 12h11M8 4v8" />
  </Icon>
);
export const SlidersIcon = () => (
  <Icon size={20}>
    <path d="M2.5 5h5M11 5h2.5M2.5 11H5M8.5 11h5" />
    <circle cx="9.2" cy="5" r="1.7" />
    <circle cx="6.8" cy="11" r="1.7" />
  </Icon>
);
