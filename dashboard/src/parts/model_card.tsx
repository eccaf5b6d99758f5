// A model's card: what it was made from, how well it does, and how it stands beside the one that it was to follow.
import * as api from '../api';
import {DifferenceBar} from '../charts/bars';
import * as f from '../format';
import type {Card, Comparison, Gate, ModelEntry, Retraining} from '../types';
import {useData} from '../use_data';
import {Scroll, Tile, Tiles} from './bits';
import {EvaluationSection} from './evaluation';
import {differenceReach, gateWords, kFigures, leaning, refusedBy, verdictWords} from './model_words';
import {Awaited} from './states';

export function ModelCard({model}: {model: ModelEntry}) {
  const card = useData(`card ${model.fingerprint}`, (signal) => api.modelCard(model.fingerprint, signal));
  return (
    <section aria-labelledby="card">
      <div class="section-head">
        <h2 id="card">Card of “{model.name}”</h2>
        <a href={api.cardLink(model.fingerprint)} target="_blank" rel="noreferrer">
          The whole card as text
        </a>
      </div>
      <Awaited from={card}>
        {(data) => (
          <>
            <Data card={data} model={model} />
            {data.retraining && <Predecessor retraining={data.retraining} />}
            <section aria-labelledby="figures">
              <h3 id="figures">How well it does</h3>
              {data.evaluation ? (
                <EvaluationSection evaluation={data.evaluation} />
              ) : (
                <p class="note">It was not measured when it was made: nobody knows how good it is.</p>
              )}
            </section>
          </>
        )}
      </Awaited>
    </section>
  );
}

function Data({card, model}: {card: Card; model: ModelEntry}) {
  const data = card.training_data;
  const unlabelled = card.fit?.unlabelled;
  return (
    <Tiles>
      <Tile
        label="Trained on"
        note={unlabelled ? `${f.count(unlabelled)} of them without a label` : 'all of them labelled'}
      >
        {f.plural(data?.consumers ?? model.consumers, 'consumer')}
      </Tile>
      <Tile label="Known thefts" note={data ? `${f.count(data.honest)} known as honest` : undefined}>
        {f.count(data?.thefts)}
      </Tile>
      <Tile label="Readings from" note={`to ${f.day(data?.last_day)}`}>
        {f.day(data?.first_day)}
      </Tile>
      <Tile label="Features used" note={`of ${f.count(model.features)}`}>
        {f.count(card.fit?.columns_used)}
      </Tile>
      <Tile label="Added" note={card.version ? `made by meterhound ${card.version}` : undefined}>
        {f.day(model.added.slice(0, 10))}
      </Tile>
    </Tiles>
  );
}

function Predecessor({retraining}: {retraining: Retraining}) {
  const words = verdictWords(retraining);
  return (
    <section aria-labelledby="predecessor">
      <h3 id="predecessor">
        Beside the model before it{' '}
        <span class="id" title={retraining.champion}>
          {f.shortId(retraining.champion, 13)}
        </span>
      </h3>
      <p>
        <span class={`tag verdict-${words.tone}`}>{words.tag}</span> {words.text}
      </p>
      <ul>
        {retraining.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {retraining.comparison && <ComparisonTable comparison={retraining.comparison} />}
      <GateList gates={retraining.gates} />
      {retraining.notes.length > 0 && (
        <details class="table-on-demand">
          <summary>What had moved since the model before was trained</summary>
          <ul>
            {retraining.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const kLeanings = {better: 'surely better', worse: 'surely worse', open: 'may be chance'};

function ComparisonTable({comparison}: {comparison: Comparison}) {
  const reach = differenceReach(comparison);
  return (
    <>
      <p class="note">
        Both on the same {f.plural(comparison.consumers, 'consumer')}, {f.plural(comparison.thefts, 'theft')} among
        them, that neither was trained on. 95 % intervals; of ROC-AUC and PR-AUC {f.decimal(comparison.margin, 2)} may
        be lost.
      </p>
      <Scroll label="Comparison with the model before">
        <table>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" class="number">
                Before
              </th>
              <th scope="col" class="number">
                This one
              </th>
              <th scope="col" class="number">
                Difference
              </th>
              <th scope="col" class="plot">
                <span class="visually-hidden">Difference, drawn around nothing</span>
              </th>
              <th scope="col">Sure?</th>
            </tr>
          </thead>
          <tbody>
            {kFigures.map(({key, name, better, judged, write, change}) => {
              const [before, now, difference] = [
                comparison.champion[key],
                comparison.challenger[key],
                comparison.difference[key],
              ];
              const sure = leaning(difference, better);
              return (
                <tr key={key}>
                  <th scope="row">{name}</th>
                  <td class="number">
                    {write(before.value)} <span class="note block">{f.range(before.low, before.high, write)}</span>
                  </td>
                  <td class="number">
                    {write(now.value)} <span class="note block">{f.range(now.low, now.high, write)}</span>
                  </td>
                  <td class="number">
                    {change(difference.value)}{' '}
                    <span class="note block">{f.range(difference.low, difference.high, change)}</span>
                  </td>
                  <td class="plot">
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
