// Reliability: of consumers given some probability, how many were thieves; the closer to the diagonal the better.
import {useId} from 'preact/hooks';
import * as f from '../format';
import {Scroll} from '../parts/bits';
import type {Bin} from '../types';
import {ValueAxis} from './axis';
import {linear, ticks} from './scale';

const kSize = 300;
const kEdge = {left: 56, bottom: 38, top: 8, right: 18};

export function Reliability({bins}: {bins: Bin[]}) {
  const title = useId();
  const most = Math.max(
    0.05,
    ...bins.map(({predicted, observed, high}) =>
      Math.max(predicted, observed, Math.min(high, 2 * Math.max(predicted, observed))),
    ),
  );
  const x = linear([0, most], [kEdge.left, kSize - kEdge.right]);
  const y = linear([0, most], [kSize - kEdge.bottom, kEdge.top]);
  const marks = ticks(0, most, 4);
  const cut = (value: number) => Math.min(value, most);
  return (
    <figure class="reliability">
      <svg viewBox={`0 0 ${kSize} ${kSize}`} role="img" aria-labelledby={title}>
        <title id={title}>
          Predicted against observed share of theft, in {bins.length} groups; the values are in the table.
        </title>
        <ValueAxis y={y} values={marks} left={x(0)} right={x(most)} write={f.percent} />
        {marks.map((value) => (
          <g key={value}>
            <line class="grid" x1={x(value)} x2={x(value)} y1={y(0)} y2={y(most)} />
            <text x={x(value)} y={y(0) + 15} text-anchor="middle">
              {f.percent(value)}
            </text>
          </g>
        ))}
        <line class="diagonal" x1={x(0)} y1={y(0)} x2={x(most)} y2={y(most)} />
        {bins.map((bin) => (
          <g key={bin.predicted}>
            <line
              class="whisker"
              x1={x(bin.predicted)}
              x2={x(bin.predicted)}
              y1={y(cut(bin.low))}
              y2={y(cut(bin.high))}
            />
            <circle class="point" cx={x(bin.predicted)} cy={y(cut(bin.observed))} r="4.5" />
          </g>
        ))}
        <text class="axis-name" x={(x(0) + x(most)) / 2} y={kSize - 4} text-anchor="middle">
          predicted
        </text>
        <text
          class="axis-name"
          x={0}
          y={0}
          transform={`translate(11 ${(y(0) + y(most)) / 2}) rotate(-90)`}
          text-anchor="middle"
        >
          observed
        </text>
      </svg>
      <details class="table-on-demand">
        <summary>Values as a table</summary>
        <Scroll label="Reliability as a table">
          <table>
            <thead>
              <tr>
                <th scope="col" class="number">
                  Predicted
                </th>
                <th scope="col" class="number">
                  Observed
                </th>
                <th scope="col" class="number">
                  Interval
                </th>
                <th scope="col" class="number">
                  Consumers
                </th>
              </tr>
            </thead>
            <tbody>
              {bins.map((bin) => (
                <tr key={bin.predicted}>
                  <td class="number">{f.percent(bin.predicted)}</td>
                  <td class="number">{f.percent(bin.observed)}</td>
                  <td class="number">{f.range(bin.low, bin.high, f.percent)}</td>
                  <td class="number">{f.count(bin.consumers)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </details>
    </figure>
  );
}
