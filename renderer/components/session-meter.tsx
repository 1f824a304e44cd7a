interface SessionMeterProps {
  readonly inUse: number;
  readonly limit: number;
  /** Beside the slots: "0 of 2", "0/6" or nothing. */
  readonly words?: 'of' | 'slash' | 'none';
}

const mostSlots = 10;

/** A host's session channels: one slot each, filled while in use. */
export function SessionMeter({ inUse, limit, words = 'of' }: SessionMeterProps) {
  const sentence = `${inUse} of ${limit} sessions in use`;
  return (
    <span className="SessionMeter" title={sentence}>
      {limit > mostSlots ? null : (
        <span className="SessionMeter-slots" aria-hidden="true">
          {Array.from({ length: limit }, (_, i) => (
            <i key={i} className={i < inUse ? 'SessionMeter-slot is-used' : 'SessionMeter-slot'} />
          ))}
        </span>
      )}
      <span className="HiddenText">{sentence}</span>
      {words === 'none' ? null : (
        <span aria-hidden="true">{words === 'of' ? `${inUse} of ${limit}` : `${inUse}/${limit}`}</span>
      )}
    </span>
  );
}
