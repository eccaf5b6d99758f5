// A model's card: what it was made from, how well it does, and how it stands beside the one that it was to follow.
import * as api from '../api';
import * as f from '../format';
import type {Card, ModelEntry, Retraining} from '../types';
import {useData} from '../use_data';
import {Tile, Tiles} from './bits';
import {ComparisonTable, GateList} from './comparison';
import {EvaluationSection} from './evaluation';
import {verdictWords} from './model_words';
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
      <Tile label="Features" note={`the trees use ${f.plural(card.fit?.columns_used ?? 0, 'column')}`}>
        {f.count(model.features)}
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
