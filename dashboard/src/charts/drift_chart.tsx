// PSI of scores and features at each check; checks that alarmed are marked by shape as well as colour.
import {useRef} from 'preact/hooks';
import * as f from '../format';
import {Scroll} from '../parts/bits';
import type {DriftCheck} from '../types';
import {useWidth, ValueAxis} from './axis';
import {linear, ticks, timeTicks} from './scale';

const kHeight = 200;
const kEdge = {left: 44, right: 12, top: 12, bottom: 26};

interface Entry {
  time: number;
  alarm: boolean;
  scores: number | null; // PSI
  features: number; // PSI: the largest of the groups' medians, where the features as a whole moved most
  drifted: number;
  of: number;
  reasons: string;
}

function entryOf({at, report}: DriftCheck): Entry {
  const sum = (pick: (group: DriftCheck['report']['groups'][number]) => number) =>
    report.groups.reduce((total, group) => total + pick(group), 0);
  return {
    time: Date.parse(at),
    alarm: report.verdict === 'drift',
    scores: report.score?.psi ?? null,
    features: Math.max(0, ...report.groups.map(({psi_median}) => psi_median ?? 0)),
    drifted: sum(({drifted}) => drifted),
    of: sum(({features}) => features),
    reasons: report.reasons.join(' '),
  };
}

export function DriftChart({checks}: {checks: DriftCheck[]}) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const sorted = checks.map(entryOf).sort((a, b) => a.time - b.time);
  const bar = checks[0]?.report.psi_threshold ?? 0;
  const alarms = sorted.filter(({alarm}) => alarm).length;
  return (
    <figure class="drift-chart">
      <div
        ref={box}
        role="img"
        aria-label={`PSI at ${f.plural(sorted.length, 'check')}, ${alarms === 0 ? 'none' : f.count(alarms)} of which alarmed; the values are in the table.`}
      >
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

function Drawing({entries, bar, width}: {entries: Entry[]; bar: number; width: number}) {
  const first = entries[0]!.time;
  const last = entries[entries.length - 1]!.time;
  const most = Math.max(bar * 1.25, ...entries.map((entry) => Math.max(entry.scores ?? 0, entry.features)));
  const x = linear([first, last], [kEdge.left + 6, width - kEdge.right - 6]);
  const y = linear([0, most * 1.05], [kHeight - kEdge.bottom, kEdge.top]);
  const line = (value: (entry: Entry) => number | null) => {
    const points = entries.flatMap((entry) => {
      const psi = value(entry);
      return psi === null ? [] : [`${x(entry.time).toFixed(1)},${y(psi).toFixed(1)}`];
    });
    return points.length ? `M${points.join(' ')}` : '';
  };
  return (
    <svg width={width} height={kHeight} viewBox={`0 0 ${width} ${kHeight}`} aria-hidden="true">
      <g class="axes">
        <ValueAxis y={y} values={ticks(0, most, 4)} left={kEdge.left} right={width - kEdge.right} />
        {timeTicks(first, last, Math.max(2, Math.floor(width / 90))).map(({time, label}) => (
          <text key={time} x={x(time)} y={kHeight - 8} text-anchor="middle">
            {label}
          </text>
        ))}
      </g>
      <line class="bar-line" x1={kEdge.left} x2={width - kEdge.right} y1={y(bar)} y2={y(bar)} />
      <path class="reading alone" d={line(({features}) => features)} />
      <path class="level" d={line(({scores}) => scores)} />
      {entries.map((entry) => {
        const at = x(entry.time);
        const height = y(Math.max(entry.scores ?? 0, entry.features));
        return entry.alarm ? (
          <path key={entry.time} class="alarm" d={`M${at},${height - 6}l6,10h-12z`} />
        ) : (
          <circle key={entry.time} class="quiet-point" cx={at} cy={y(entry.scores ?? entry.features)} r="2.5" />
        );
      })}
    </svg>
  );
}

function Table({entries}: {entries: Entry[]}) {
  return (
    <Scroll label="Checks as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="number">
              Scores
            </th>
            <th scope="col" class="number">
              Features
            </th>
            <th scope="col" class="number">
              Drifted
            </th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.time}>
              <th scope="row">{f.moment(new Date(entry.time).toISOString())}</th>
              <td>
                <span class={`tag severity-${entry.alarm ? 'warning' : 'info'}`}>
                  {entry.alarm ? 'drift' : 'stable'}
                </span>
              </td>
              <td class="number">{f.decimal(entry.scores, 3)}</td>
              <td class="number">{f.decimal(entry.features, 3)}</td>
              <td class="number">
                {f.count(entry.drifted)} of {f.count(entry.of)}
              </td>
              <td class="prose">{entry.reasons || f.kNothing}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
