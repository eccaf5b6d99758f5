// Whom the list falls on: visits to its first part, by each category of consumers.
import {RangeBar} from '../charts/bars';
import * as f from '../format';
import type {FairnessTable} from '../types';
import {Scroll} from './bits';

const kShare = 0.05;

export function Fairness({tables}: {tables: FairnessTable[]}) {
  if (tables.length === 0) return null;
  return (
    <section aria-labelledby="fairness">
      <h3 id="fairness">Whom its list falls on</h3>
      <p class="note">Visits to the first {f.percent(kShare)} of its list.</p>
      {tables.map((table) => (
        <Categories key={table.attribute} table={table} />
      ))}
    </section>
  );
}

function Categories({table: {attribute, categories}}: {table: FairnessTable}) {
  const rows = categories.map((one) => ({...one, at: one.at_share.find(({share}) => share === kShare)}));
  const most = Math.max(0.01, ...rows.map(({at}) => at?.visits.high ?? 0));
  return (
    <Scroll label={`Visits by ${f.words(attribute)}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{f.sentence(attribute)}</th>
            <th scope="col" class="number">
              Consumers
            </th>
            <th scope="col" class="number">
              Thefts
            </th>
            <th scope="col" class="number">
              Share of the visits
            </th>
            <th scope="col" class="plot">
              <span class="visually-hidden">Share of the visits, drawn</span>
            </th>
            <th scope="col" class="number">
              Visits that find theft
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({category, consumers, thefts, at}) => (
            <tr key={category}>
              <th scope="row">{category}</th>
              <td class="number">{f.count(consumers)}</td>
              <td class="number">{f.count(thefts)}</td>
              <td class="number">
                {f.percent(at?.visits.value)}{' '}
                {at && <span class="note block">{f.range(at.visits.low, at.visits.high, f.percent)}</span>}
              </td>
              <td class="plot">
                {at && <RangeBar value={at.visits.value} from={at.visits.low} to={at.visits.high} range={[0, most]} />}
              </td>
              <td class="number">
                {f.percent(at?.hits.value)}{' '}
                {at && <span class="note block">{f.range(at.hits.low, at.hits.high, f.percent)}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
