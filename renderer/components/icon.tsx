import type { JSX } from 'react';

/** 16 px, strokes of 1.5 px in the colour of the text. */
const shapes = {
  forwards: <path d="M1.5 4.5h13M4.5 4.5v4M8 4.5v7M11.5 4.5v4" />,
  stacks: <path d="M8 2 14 5 8 8 2 5zM2.5 8.25 8 11l5.5-2.75M2.5 11.25 8 14l5.5-2.75" />,
  logs: <path d="M3 3.75h10M3 6.6h6.5M3 9.4h8.5M3 12.25h5" />,
  filter: <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />,
  wrap: <path d="M2.5 4h11M2.5 8h8.75a2.25 2.25 0 0 1 0 4.5H8.5M10 10.75 8.25 12.5 10 14.25M2.5 12.5h3" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 4.75V8l2.25 1.5" />
    </>
  ),
  jump: <path d="M2.75 6.25h10.5M5.25 2v2.5M10.75 2v2.5M2.75 3.5h10.5v10H2.75zM8 8.25v2.5l1.5.75" />,
  export: <path d="M8 9.75V2.5M5.25 5 8 2.25 10.75 5M3 9v3.5a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V9" />,
  follow: <path d="M8 2.5v8M4.75 7.5 8 10.75l3.25-3.25M3.5 13.5h9" />,
  settings: (
    <>
      <path d="M2 5h6M12 5h2M2 11h2M8 11h6" />
      <circle cx="10" cy="5" r="1.9" />
      <circle cx="6" cy="11" r="1.9" />
    </>
  ),
  search: (
    <>
      <path d="M10.3 10.3 13.75 13.75" />
      <circle cx="7" cy="7" r="4.25" />
    </>
  ),
  copy: (
    <path d="M10.5 5.5V3.5a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1z" />
  ),
  open: <path d="M6 3.5H3.5v9h9V10M9 3h4v4M12.75 3.25 7.5 8.5" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  play: <path d="M5 3.25v9.5l7.5-4.75z" />,
  remap: <path d="M2.5 5.5h9.5M9.5 2.75 12.25 5.5 9.5 8.25M13.5 10.5H4M6.5 7.9" />,
  more: (
    <>
      <circle cx="3.5" cy="8" r="1.25" fill="currentColor" stroke="none" />
      <circle cx="8" cy="8" r="1.25" fill="currentColor" stroke="none" />
      <circle cx="12.5" cy="8" r="1.25" fill="currentColor" stroke="none" />
    </>
  ),
  plus: <path d="M8 3.25v9.5M3.25 8h9.5" />,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
  down: <path d="M4 6.25 8 10.25l4-4" />,
  up: <path d="M4 9.75 8 5.75l4 4" />,
  right: <path d="M6.25 4l4 4-4 4" />,
  hide: (
    <path d="M2.5 2.5l11 11M6.3 4A7 7 0 0 1 8 3.75C12 3.75 14.25 8 14.25 8a11 11 0 0 1-1.7 2.2M4.3 5.5A10 10 0 0 0 1.75 8S4 12.25 8 12.25a6 6 0 0 0 2.7-.6" />
  ),
  retry: <path d="M13 8a5 5 0 1 1-1.5-3.55M13 2.75v2.5h-2.5" />,
  rules: (
    <>
      <path d="M3 4.5h10M3 8h10M3 11.5h10" />
      <circle cx="6" cy="4.5" r="1.5" />
      <circle cx="10.5" cy="8" r="1.5" />
      <circle cx="5" cy="11.5" r="1.5" />
    </>
  ),
  check: <path d="M3.25 8.5 6.5 11.75 12.75 4.75" />,
  trash: <path d="M3 4.5h10M6.25 4.5V3h3.5v1.5M4.25 4.5l.6 8.5h6.3l.6-8.5" />,
  show: (
    <>
      <path d="M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8z" />
      <circle cx="8" cy="8" r="1.9" />
    </>
  ),
  keyboard: <path d="M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M12 7h.01M5.5 9.25h5" />,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof shapes;

/** Says nothing by itself: whoever draws it gives it a word or a label. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="Icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {shapes[name]}
    </svg>
  );
}
