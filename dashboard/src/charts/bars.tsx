// Plain bars beside words and numbers: one SVG in a table cell.
import {linear} from './scale';

export function ShareBar({
  value,
  most,
  tone = 'accent',
}: {
  value: number;
  most: number;
  tone?: 'accent' | 'raises' | 'lowers' | 'soft';
}) {
  const share = most > 0 ? Math.min(1, Math.max(0, value / most)) : 0;
  return (
    <svg class="share-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="rail" x="0" y="0" width="100" height="10" rx="1" />
      <rect class={tone} x="0" y="0" width={(share * 100).toFixed(2)} height="10" rx="1" />
    </svg>
  );
}

// A value and its interval on a line from `low` to `high`.
export function RangeBar({value, from, to, range}: {value: number; from: number; to: number; range: [number, number]}) {
  const x = linear(range, [2, 98]);
  const clip = (number: number) => Math.min(98, Math.max(2, x(number)));
  return (
    <svg class="interval" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <line class="interval-rail" x1="2" x2="98" y1="6" y2="6" />
      <line class="interval-range" x1={clip(from)} x2={clip(to)} y1="6" y2="6" />
      <line class="interval-value" x1={clip(value)} x2={clip(value)} y1="1.5" y2="10.5" />
    </svg>
  );
}

// A difference and its interval around nothing, which stands in the middle; what may be lost is a line to its left.
export function DifferenceBar({
  value,
  low,
  high,
  reach,
  margin,
}: {
  value: number;
  low: number;
  high: number;
  reach: number;
  margin: number | null;
}) {
  const scale = linear([-reach, reach], [2, 98]);
  const x = (number: number) => Math.min(98, Math.max(2, scale(number)));
  return (
    <svg class="interval" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <line class="interval-rail" x1="2" x2="98" y1="6" y2="6" />
      <line class="interval-range" x1={x(low)} x2={x(high)} y1="6" y2="6" />
      <line class="interval-value" x1={x(value)} x2={x(value)} y1="1.5" y2="10.5" />
      <line class="interval-zero" x1="50" x2="50" y1="0" y2="12" />
      {margin !== null && <line class="interval-margin" x1={x(-margin)} x2={x(-margin)} y1="0" y2="12" />}
    </svg>
  );
}
