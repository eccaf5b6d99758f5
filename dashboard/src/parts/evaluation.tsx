// How good a model is on consumers it had not seen: figures with intervals, views of the features, reliability,
// whom its list falls on, leak check.
import {RangeBar} from '../charts/bars';
import {Reliability} from '../charts/reliability';
import * as f from '../format';
import type {Estimate, Evaluation, View} from '../types';
import {Scroll, Tile, Tiles} from './bits';
import {Fairness} from './fairness';

const two = (value: number | null | undefined) => f.decimal(value, 3);
const kViews: Record<string, string> = {
  all: 'all features',
  prospective: 'without what inspections leave behind',
  behaviour: 'behaviour only',
  coverage: 'coverage only',
  attributes: 'attributes only',
};

export function EvaluationSection({evaluation}: {evaluation: Evaluation}) {
  const headline = evaluation.views.find(({name}) => name === evaluation.headline) ?? evaluation.views[0];
  return (
    <>
      <Tiles>
        <Tile label="ROC-AUC" note={f.range(evaluation.roc_auc.low, evaluation.roc_auc.high, two)}>
          {two(evaluation.roc_auc.value)}
        </Tile>
        <Tile label="PR-AUC" note={f.range(evaluation.pr_auc.low, evaluation.pr_auc.high, two)}>
          {two(evaluation.pr_auc.value)}
        </Tile>
        <Tile label="Share of theft" note={`${f.count(evaluation.thefts)} of ${f.count(evaluation.consumers)}`}>
          {f.percent(evaluation.base_rate)}
        </Tile>
        <Tile label="Calibration error" note={f.range(evaluation.ece.low, evaluation.ece.high, f.percent)}>
          {f.percent(evaluation.ece.value)}
        </Tile>
        <Tile label="Brier score" note={f.range(evaluation.brier.low, evaluation.brier.high, two)}>
          {two(evaluation.brier.value)}
        </Tile>
      </Tiles>
      <p class="note">
        {evaluation.folds > 0
          ? `Nested cross-validation in ${f.count(evaluation.folds)} folds`
          : 'Measured on consumers laid aside before it was trained'}
        , 95 % intervals.
      </p>
      <div class="columns">
        <AtShares evaluation={evaluation} />
        {headline && headline.reliability.length > 0 && (
          <section aria-labelledby="reliability">
            <h3 id="reliability">Do probabilities keep their word?</h3>
            <Reliability bins={headline.reliability} />
          </section>
        )}
      </div>
      <Views views={evaluation.views} />
      <Fairness tables={evaluation.fairness ?? []} />
      {evaluation.leak_check && <LeakCheck check={evaluation.leak_check} />}
    </>
  );
}

function AtShares({evaluation}: {evaluation: Evaluation}) {
  const shares = Object.keys(evaluation.precision_at);
  const most = Math.max(...Object.values(evaluation.precision_at).map(({high}) => high), 0.01);
  return (
    <section aria-labelledby="at-shares">
      <h3 id="at-shares">If the top of the list is visited</h3>
      <Scroll label="Precision by share visited">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                Visited
              </th>
              <th scope="col" class="number">
                Find theft
              </th>
              <th scope="col" class="plot">
                <span class="visually-hidden">Drawn</span>
              </th>
              <th scope="col" class="number">
                Of all theft
              </th>
              <th scope="col" class="number">
                Better than random
              </th>
            </tr>
          </thead>
          <tbody>
            {shares.map((share) => {
              const precision = evaluation.precision_at[share]!;
              return (
                <tr key={share}>
                  <th scope="row" class="number">
                    {share.replace('%', ' %')}
                  </th>
                  <td class="number">
                    <WithRange estimate={precision} write={f.percent} />
                  </td>
                  <td class="plot">
                    <RangeBar value={precision.value} from={precision.low} to={precision.high} range={[0, most]} />
                  </td>
                  <td class="number">{f.percent(evaluation.recall_at[share]?.value)}</td>
                  <td class="number">{f.measure(evaluation.lift_at[share]?.value)} ×</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function WithRange({estimate, write}: {estimate: Estimate; write: (value: number | null | undefined) => string}) {
  return (
    <>
      {write(estimate.value)} <span class="note block">{f.range(estimate.low, estimate.high, write)}</span>
    </>
  );
}

function Views({views}: {views: View[]}) {
  return (
    <section aria-labelledby="views">
      <h3 id="views">What the result rests on</h3>
      <Scroll label="Views of the features">
        <table>
          <thead>
            <tr>
              <th scope="col">Features</th>
              <th scope="col" class="number">
                Count
              </th>
              <th scope="col" class="number">
                ROC-AUC
              </th>
              <th scope="col" class="plot">
                <span class="visually-hidden">Drawn, from 0.5 to 1</span>
              </th>
              <th scope="col" class="number">
                PR-AUC
              </th>
              <th scope="col" class="number">
                Found in the top 1 %
              </th>
            </tr>
          </thead>
          <tbody>
            {views.map((view) => (
              <tr key={view.name}>
                <th scope="row">{kViews[view.name] ?? f.words(view.name)}</th>
                <td class="number">{f.count(view.features)}</td>
                <td class="number">
                  <WithRange estimate={view.roc_auc} write={two} />
                </td>
                <td class="plot">
                  <RangeBar
                    value={view.roc_auc.value}
                    from={view.roc_auc.low}
                    to={view.roc_auc.high}
                    range={[0.5, 1]}
                  />
                </td>
                <td class="number">
                  <WithRange estimate={view.pr_auc} write={two} />
                </td>
                <td class="number">{f.percent(view.precision_at['1%']?.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function LeakCheck({check}: {check: NonNullable<Evaluation['leak_check']>}) {
  return (
    <section aria-labelledby="leaks">
      <h3 id="leaks">Leak check</h3>
      <p>
        <span class={`tag severity-${check.passed ? 'info' : 'error'}`}>{check.passed ? 'passed' : 'failed'}</span>{' '}
        {check.passed
          ? 'Nothing gives the labels away.'
          : 'Something gives the labels away: do not trust the figures above.'}
      </p>
      <details class="table-on-demand">
        <summary>{f.plural(check.checks.length, 'check')}</summary>
        <ul>
          {check.checks.map(({name, promise, findings}) => (
            <li key={name}>
              <strong>{name}</strong>: {promise} · {findings === 0 ? 'kept' : f.plural(findings, 'finding')}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
