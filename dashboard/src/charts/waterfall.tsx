// The SHAP waterfall: a table whose last column draws each step, so that it is a chart and its own accessible table.
import * as f from '../format';
import {Scroll} from '../parts/bits';
import type {Explanation} from '../types';
import {linear, ticks} from './scale';
import {mismatch, oddsFactor, type Step, waterfall, waterfallRange} from './waterfall_model';

export function Waterfall({explanation, probability}: {explanation: Explanation; probability: number}) {
  const steps = waterfall(explanation);
  const range = waterfallRange(steps);
  const x = linear(range, [0, 100]);
  return (
    <>
      <p class="note">
        Each row shows what one measurement did to the score of this consumer, in log-odds: to the right it raises
        suspicion, to the left it lowers it. The model's score is then turned into a probability, here{' '}
        {f.percent(probability)}, by what such scores meant among inspected consumers.
      </p>
      <Scroll label="What raised and lowered the score">
        <table class="waterfall">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" class="number wide">
                Value
              </th>
              <th scope="col" class="number">
                Log-odds
              </th>
              <th scope="col" class="plot">
                <span class="visually-hidden">Drawn</span>
                <Grid x={x} range={range} />
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => (
              <tr key={index} class={step.kind}>
                <th scope="row" title={step.feature ?? undefined}>
                  {step.title}
                  {step.shown && <span class="narrow-only note"> {step.shown}</span>}
                </th>
                <td class="number wide">{step.shown}</td>
                <td
                  class="number"
                  title={step.kind === 'feature' ? `odds × ${f.measure(oddsFactor(step.change))}` : undefined}
                >
                  {step.kind === 'base' || step.kind === 'margin' ? f.signed(step.to) : f.signed(step.change)}
                </td>
                <td class="plot">
                  <Bar step={step} last={index === steps.length - 1} x={x} range={range} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {mismatch(explanation) > 0.01 && (
        <p class="trouble">
          These steps do not add up to the score: they miss it by {f.decimal(mismatch(explanation), 3)}.
        </p>
      )}
    </>
  );
}

function Grid({x, range}: {x: (value: number) => number; range: [number, number]}) {
  return (
    <svg viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
      {ticks(range[0], range[1], 4).map((value) => (
        <line key={value} class="grid" x1={x(value)} x2={x(value)} y1="10" y2="16" />
      ))}
    </svg>
  );
}

function Bar({
  step,
  last,
  x,
  range,
}: {
  step: Step;
  last: boolean;
  x: (value: number) => number;
  range: [number, number];
}) {
  const level = step.kind === 'base' || step.kind === 'margin';
  const left = Math.min(x(step.from), x(step.to));
  const size = Math.max(0.6, Math.abs(x(step.to) - x(step.from)));
  const way = step.change >= 0 ? 'raises' : 'lowers';
  return (
    <svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      {ticks(range[0], range[1], 4).map((value) => (
        <line key={value} class="grid" x1={x(value)} x2={x(value)} y1="0" y2="20" />
      ))}
      {level ? (
        <rect class="mark" x={x(step.to) - 0.5} y="1" width="1" height="18" />
      ) : (
        <rect class={way} x={left} y="3.5" width={size} height="13" />
      )}
      {!last && <line class="connector" x1={x(step.to)} x2={x(step.to)} y1={level ? 19 : 16.5} y2="20" />}
      {step.kind !== 'base' && (
        <line
          class="connector"
          x1={x(step.kind === 'margin' ? step.to : step.from)}
          x2={x(step.kind === 'margin' ? step.to : step.from)}
          y1="0"
          y2="3.5"
        />
      )}
    </svg>
  );
}
