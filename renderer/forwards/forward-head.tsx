/** The columns' names. */
export function ForwardHead() {
  return (
    <div role="rowgroup" className="ForwardHead-box">
      <div className="ForwardHead" role="row" aria-rowindex={1}>
        {['', 'Local', 'Container', 'Remote', 'State', 'Active', 'Throughput'].map((word) => (
          <span key={word} role="columnheader">
            {word === '' ? <span className="HiddenText">Glyph</span> : word}
          </span>
        ))}
      </div>
    </div>
  );
}
