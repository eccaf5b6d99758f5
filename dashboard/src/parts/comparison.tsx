// Two models on the same consumers, and what the data had to pass before anything was learnt from them.
import {DifferenceBar} from '../charts/bars';
import * as f from '../format';
import type {Comparison, Gate} from '../types';
import {Scroll} from './bits';
import {differenceReach, gateWords, kFigures, leaning, refusedBy} from './model_words';

const kLeanings = {better: 'surely better', worse: 'surely worse', open: 'may be chance'};

export function ComparisonTable({comparison}: {comparison: Comparison}) {
  const reach = differenceReach(comparison);
  return (
    <>
      <p class="note">
        Both on the same {f.plural(comparison.consumers, 'consumer')}, {f.plural(comparison.thefts, 'theft')} among
        them, that neither was trained on. 95 % intervals; of ROC-AUC and PR-AUC {f.decimal(comparison.margin, 2)} may
        be lost<span class="wide-only"> (the dashed line)</span>.
      </p>
      <Scroll label="Comparison with the model before">
        <table>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" class="number wide">
                Before
              </th>
              <th scope="col" class="number wide">
                This one
              </th>
              <th scope="col" class="number">
                Difference
              </th>
              <th scope="col" class="plot wide">
                <span class="visually-hidden">Difference, drawn around nothing</span>
              </th>
              <th scope="col">Sure?</th>
            </tr>
          </thead>
          <tbody>
            {kFigures.map(({key, name, better, judged, write, change, end}) => {
              const [before, now, difference] = [
                comparison.champion[key],
                comparison.challenger[key],
                comparison.difference[key],
              ];
              const sure = leaning(difference, better);
              return (
                <tr key={key}>
                  <th scope="row">{name}</th>
                  <td class="number wide">
                    {write(before.value)} <span class="note block">{f.range(before.low, before.high, write)}</span>
                  </td>
                  <td class="number wide">
                    {write(now.value)} <span class="note block">{f.range(now.low, now.high, write)}</span>
                  </td>
                  <td class="number">
                    {change(difference.value)}{' '}
                    <span class="note block">{f.range(difference.low, difference.high, end)}</span>
                  </td>
                  <td class="plot wide">
                    <DifferenceBar {...difference} reach={reach} margin={judged ? comparison.margin : null} />
                  </td>
                  <td>
                    <span class={sure === 'open' ? 'note' : `tag verdict-${sure === 'better' ? 'good' : 'bad'}`}>
                      {kLeanings[sure]}
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

export function GateList({gates}: {gates: Gate[]}) {
  const failed = refusedBy(gates).length;
  return (
    <details class="table-on-demand">
      <summary>
        What the data had to pass:{' '}
        {failed === 0 ? `all ${f.plural(gates.length, 'gate')}` : `${f.count(failed)} refused`}
      </summary>
      <ul class="gates">
        {gates.map(({name, passed, finding}) => (
          <li key={name}>
            <span class={`tag verdict-${passed ? 'good' : 'bad'}`}>{passed ? 'passed' : 'refused'}</span>{' '}
            <strong>{gateWords(name)}.</strong> <span class="note">{finding}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
