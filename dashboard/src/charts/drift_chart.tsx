// PSI of scores and features at each check; checks that alarmed are marked by shape as well as colour.
import {useEffect, useRef, useState} from 'preact/hooks';
import * as f from '../format';
import {Scroll} from '../parts/bits';
import type {DriftEntry} from '../types';
import {linear, ticks, timeTicks} from './scale';

const kHeight = 200;
const kEdge = {left: 44, right: 12, top: 12, bottom: 26};

// The largest of the groups' medians: where the features as a whole moved most.
const featurePsi = (entry: DriftEntry) => Math.max(0, ...entry.groups.map(({psi_median}) => psi_median ?? 0));

export function DriftChart({entries, bar}: {entries: DriftEntry[]; bar: number}) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const sorted = [...entries].sort((a, b) => a.time_ms - b.time_ms);
  const alarms = sorted.filter(({verdict}) => verdict === 'drift').length;
  return (
    <figure class="drift-chart">
      <div ref={box} role="img" aria-label={`PSI at ${f.plural(sorted.length, 'check')}, ${alarms === 0 ? 'none' : f.count(alarms)} of which alarmed; the values are in the table.`}>
        {width > 0 && <Drawing entries={sorted} bar={bar} width={width} />}
      </div>
      <figcaption class="legend">
        <span class="key level">scores</span>
        <span class="key reading">features, median</span>
        <span class="key alarm">alarm</span>
        <span class="key bar-line">threshold</span>
      </figcaption>
      <details class="table-on-demand">
        <summary>Values as a table</summary>
        <Table entries={[...sorted].reverse()} />
      </details>
    </figure>
  );
}

function Drawing({entries, bar, width}: {entries: DriftEntry[]; bar: number; width: number}) {
  const first = entries[0]!.time_ms;
  const last = entries[entries.length - 1]!.time_ms;
  const most = Math.max(bar * 1.25, ...entries.map((entry) => Math.max(entry.score_psi ?? 0, featurePsi(entry))));
  const x = linear([first, last], [kEdge.left + 6, width - kEdge.right - 6]);
  const y = linear([0, most * 1.05], [kHeight - kEdge.bottom, kEdge.top]);
  const line = (value: (entry: DriftEntry) => number | null) => {
    const points = entries.flatMap((entry) => {
      const psi = value(entry);
      return psi === null ? [] : [`${x(entry.time_ms).toFixed(1)},${y(psi).toFixed(1)}`];
    });
    return points.length ? `M${points.join(' ')}` : '';
  };
  return (
    <svg width={width} height={kHeight} viewBox={`0 0 ${width} ${kHeight}`} aria-hidden="true">
      <g class="axes">
        {ticks(0, most, 4).map((value) => (
          <g key={value}>
            <line class={value === 0 ? 'axis' : 'grid'} x1={kEdge.left} x2={width - kEdge.right} y1={y(value)} y2={y(value)} />
            <text x={kEdge.left - 6} y={y(value) + 4} text-anchor="end">
              {f.measure(value)}
            </text>
          </g>
        ))}
        {timeTicks(first, last, Math.max(2, Math.floor(width / 90))).map(({time, label}) => (
          <text key={time} x={x(time)} y={kHeight - 8} text-anchor="middle">
            {label}
          </text>
        ))}
      </g>
      <line class="bar-line" x1={kEdge.left} x2={width - kEdge.right} y1={y(bar)} y2={y(bar)} />
      <path class="reading alone" d={line(featurePsi)} />
      <path class="level" d={line(({score_psi}) => score_psi)} />
      {entries.map((entry) => {
        const at = x(entry.time_ms);
        const height = y(Math.max(entry.score_psi ?? 0, featurePsi(entry)));
        return entry.verdict === 'drift' ? (
          <path key={entry.time_ms} class="alarm" d={`M${at},${height - 6}l6,10h-12z`} />
        ) : (
          <circle key={entry.time_ms} class="quiet-point" cx={at} cy={y(entry.score_psi ?? featurePsi(entry))} r="2.5" />
        );
      })}
    </svg>
  );
}

function Table({entries}: {entries: DriftEntry[]}) {
  return (
    <Scroll label="Checks as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="number">Scores</th>
            <th scope="col" class="number">Features</th>
            <th scope="col" class="number">Drifted</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.time_ms}>
              <th scope="row">{f.moment(new Date(entry.time_ms).toISOString())}</th>
              <td>
                <span class={`tag severity-${entry.verdict === 'drift' ? 'warning' : 'info'}`}>{entry.verdict}</span>
              </td>
              <td class="number">{f.decimal(entry.score_psi, 3)}</td>
              <td class="number">{f.decimal(featurePsi(entry), 3)}</td>
              <td class="number">
                {f.count(entry.drifted)} of {f.count(entry.features)}
              </td>
              <td class="prose">{entry.reasons.join(' ') || f.kNothing}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
