/** The mark is the tray's: machine, line, host. */
export function Brand() {
  return (
    <span className="Brand">
      <svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">
        <path d="M4 7H18M8 7v5M12 7v8M15.5 7v4" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <rect x="1" y="4" width="6" height="6" rx="1.5" fill="currentColor" />
        <circle cx="18" cy="7" r="3" fill="currentColor" />
        <circle cx="8" cy="13" r="1.5" fill="currentColor" />
        <circle cx="12" cy="16.5" r="1.5" fill="currentColor" />
        <circle cx="15.5" cy="12" r="1.5" fill="currentColor" />
      </svg>
      Towline
    </span>
  );
}
