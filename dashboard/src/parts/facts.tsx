// The facts behind the report: nothing is said there that is not one of these.
import * as f from '../format';
import type {CaseDocument, Fact, Quantity} from '../types';
import {findingTitle} from './evidence';
import {Scroll} from './bits';

export function FactsSection({document}: {document: CaseDocument}) {
  const titles = new Map(document.explanation.contributions.map(({feature, title}) => [feature, title]));
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <details class="table-on-demand">
        <summary>{f.plural(document.facts.length, 'fact')} that the report may speak of</summary>
        <Scroll label="Facts">
          <table>
            <thead>
              <tr>
                <th scope="col">Fact</th>
                <th scope="col">Speaks</th>
                <th scope="col">Numbers</th>
                <th scope="col">Days</th>
                <th scope="col">From</th>
              </tr>
            </thead>
            <tbody>
              {document.facts.map((fact, index) => (
                <tr key={index}>
                  <th scope="row" title={fact.feature ?? fact.form}>
                    {titleOf(fact, titles)}
                  </th>
                  <td>{fact.speaks === 'neither' ? f.kNothing : fact.speaks}</td>
                  <td>
                    {Object.entries(fact.quantities)
                      .map(([role, one]) => `${f.words(role)} ${quantity(one, document.currency)}`)
                      .join(', ') || f.kNothing}
                  </td>
                  <td>
                    {Object.entries(fact.dates)
                      .map(([role, when]) => `${f.words(role)} ${f.day(when)}`)
                      .join(', ') || f.kNothing}
                  </td>
                  <td>{fact.source}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </details>
    </section>
  );
}

function titleOf(fact: Fact, titles: Map<string, string>): string {
  if (fact.feature) return `${f.sentence(fact.code)}: ${titles.get(fact.feature) ?? fact.feature}`;
  if (fact.code === 'action' || fact.code === 'confidence')
    return `${f.sentence(fact.code)}: ${f.words(fact.form.split('.').pop() ?? '')}`;
  return fact.source === 'evidence' ? findingTitle(fact.code) : f.sentence(fact.code);
}

function quantity({value, unit}: Quantity, currency: string): string {
  switch (unit) {
    case 'share':
      return f.percent(value);
    case 'kwh_a_day':
      return f.measure(value, 'kWh a day');
    case 'kwh_a_reading':
      return f.measure(value, 'kWh a reading');
    case 'kwh':
      return f.measure(value, 'kWh');
    case 'money':
      return f.money(value, currency);
    case 'factor':
      return `× ${f.measure(value)}`;
    case 'readings':
    case 'times':
    case 'consumers':
      return `${f.count(value)} ${unit}`;
    default:
      return f.measure(value);
  }
}
