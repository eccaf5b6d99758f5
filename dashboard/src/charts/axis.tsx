// What charts share: the value axis with its grid, and the width that they have.
import {useEffect, useState} from 'preact/hooks';
import * as f from '../format';
import type {Scale} from './scale';

// Lines from `left` to `right` at each of `values`, written beside them on the left.
export function ValueAxis({
  y,
  values,
  left,
  right,
  write = f.measure,
}: {
  y: Scale;
  values: number[];
  left: number;
  right: number;
  write?: (value: number) => string;
}) {
  return (
    <>
      {values.map((value) => (
        <g key={value}>
          <line class={value === 0 ? 'axis' : 'grid'} x1={left} x2={right} y1={y(value)} y2={y(value)} />
          <text x={left - 6} y={y(value) + 4} text-anchor="end">
            {write(value)}
          </text>
        </g>
      ))}
    </>
  );
}

// The width in pixels of the element in `box`, as it changes; 0 before it is there.
export function useWidth(box: {current: HTMLElement | null}): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return width;
}
