const width = 56;
const height = 18;

/** Two minutes of traffic as a line; its scale is its own, the figure beside it says how much. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  const most = Math.max(...values, 1);
  const step = width / (values.length - 1);
  const line = values
    .map(
      (value, i) =>
        `${i === 0 ? 'M' : 'L'}${(i * step).toFixed(1)} ${(height - 1 - (value / most) * (height - 3)).toFixed(1)}`,
    )
    .join('');
  return (
    <svg className="Sparkline" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path className="is-area" d={`${line}L${width} ${height}L0 ${height}z`} />
      <path d={line} />
    </svg>
  );
}
