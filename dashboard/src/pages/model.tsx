// Models: which there are and which is in use, changing between them, training anew, and the card of one.
import {useEffect, useState} from 'preact/hooks';
import * as api from '../api';
import {useShared} from '../context';
import * as f from '../format';
import {Id, PageHead, Scroll} from '../parts/bits';
import {Dialog} from '../parts/dialog';
import {FileButton} from '../parts/file_button';
import {ModelCard} from '../parts/model_card';
import {leftOpen, undecided} from '../parts/model_words';
import {RetrainingSection} from '../parts/retraining';
import {Awaited, Empty} from '../parts/states';
import {href, type Route} from '../router';
import type {Estimate, ModelEntry, Models} from '../types';
import {useData} from '../use_data';

type Ask = {what: 'use' | 'keep' | 'back'; model: ModelEntry};

export function ModelPage({route}: {route: Route}) {
  const {alerts, announce, session} = useShared();
  const admin = session.scopes.includes('admin');
  const models = useData('models', api.models);
  const [ask, setAsk] = useState<Ask | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => void (document.title = 'Model · Meterhound'), []);
  const act = async ({what, model}: Ask) => {
    setAsk(null);
    setError(null);
    try {
      await (what === 'back' ? api.rollBackModel() : api.activateModel(model.fingerprint));
      announce(`${model.name} is in use`);
      models.reload();
      alerts.reload();
    } catch (refused) {
      setError((refused as Error).message);
    }
  };
  return (
    <>
      <PageHead title="Model" note="What scores new readings, and how well it did on consumers it had not seen.">
        {admin && <AddModel added={models.reload} failed={setError} />}
      </PageHead>
      {error && (
        <p class="field-error prewrap" role="alert">
          {error}
        </p>
      )}
      <Awaited from={models}>
        {(data) => (
          <Content data={data} chosen={route.query.get('model')} ask={admin ? setAsk : null} changed={models.reload} />
        )}
      </Awaited>
      {ask && <Question ask={ask} close={() => setAsk(null)} act={() => void act(ask)} />}
    </>
  );
}

const kQuestions = {
  use: {title: 'Use this model?', button: 'Use it'},
  keep: {title: 'Keep the model in use?', button: 'Keep it'},
  back: {title: 'Back to the one before?', button: 'Go back'},
};

function Question({ask: {what, model}, close, act}: {ask: Ask; close: () => void; act: () => void}) {
  const {title, button} = kQuestions[what];
  return (
    <Dialog title={title} close={close}>
      <p>
        {what === 'keep' ? 'It goes on scoring what is uploaded: ' : 'From now on it scores what is uploaded: '}
        <strong>{model.name}</strong> <Id id={model.fingerprint} length={13} />.
      </p>
      <p class="note">
        {what === 'keep'
          ? 'The alert about the last retraining ends. A new model that was kept can still be used later.'
          : 'Lists that exist keep their scores. No model is deleted, and this can be taken back.'}
      </p>
      <div class="button-row end">
        <button type="button" class="quiet" onClick={close}>
          Cancel
        </button>
        <button type="button" class="primary" onClick={act}>
          {button}
        </button>
      </div>
    </Dialog>
  );
}

interface ContentProps {
  data: Models;
  chosen: string | null;
  ask: ((question: Ask) => void) | null;
  changed: () => void;
}

function Content({data, chosen, ask, changed}: ContentProps) {
  if (data.items.length === 0) {
    return (
      <Empty title="No model yet">
        <p>
          Train one with <code>meterhound train</code> and add its <code>model.mh</code> here, or start the service with{' '}
          <code>--model</code>.
        </p>
      </Empty>
    );
  }
  const shown =
    data.items.find(({fingerprint}) => fingerprint === chosen) ??
    data.items.find(({active}) => active) ??
    data.items[0]!;
  const before = data.items.find(({fingerprint}) => fingerprint === data.before);
  return (
    <>
      <section aria-labelledby="models">
        <h2 id="models">Models</h2>
        <ModelTable data={data} shown={shown} ask={ask} />
        {ask && before && (
          <div class="button-row">
            <button type="button" onClick={() => ask({what: 'back', model: before})}>
              Back to the one before
            </button>
            <span class="note">
              {before.name} <Id id={before.fingerprint} length={13} />
            </span>
          </div>
        )}
      </section>
      <RetrainingSection admin={ask !== null} changed={changed} />
      <ModelCard key={shown.fingerprint} model={shown} />
      <Manifest model={shown} />
    </>
  );
}

function ModelTable({data, shown, ask}: {data: Models; shown: ModelEntry; ask: ContentProps['ask']}) {
  const open = undecided(useShared().alerts.data);
  return (
    <Scroll label="Models">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="wide">
              Fingerprint
            </th>
            <th scope="col" class="wide">
              Added
            </th>
            <th scope="col" class="number wide">
              Consumers
            </th>
            <th scope="col" class="number wide">
              Thefts
            </th>
            <th scope="col" class="number">
              ROC-AUC
            </th>
            <th scope="col" class="number wide">
              PR-AUC
            </th>
            {ask && (
              <th scope="col">
                <span class="visually-hidden">Action</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {data.items.map((model) => (
            <tr key={model.fingerprint} aria-current={model === shown ? 'true' : undefined}>
              <th scope="row">
                <a href={href('model', {model: model.fingerprint})}>{model.name}</a>{' '}
                {model.active && <span class="tag job-done">in use</span>}
                {open && leftOpen(model, data) && <span class="tag verdict-open">waits for a decision</span>}
              </th>
              <td class="wide">
                <Id id={model.fingerprint} length={13} />
              </td>
              <td class="numbers wide">{f.moment(model.added)}</td>
              <td class="number wide">{f.count(model.consumers)}</td>
              <td class="number wide">{f.count(model.manifest?.training_data?.thefts)}</td>
              <Interval estimate={model.evaluation?.roc_auc} />
              <Interval estimate={model.evaluation?.pr_auc} wide />
              {ask && (
                <td>
                  <Action model={model} ask={ask} keep={open} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

// The model in use can be kept while it is open whether another takes its place.
function Action({model, ask, keep}: {model: ModelEntry; ask: (question: Ask) => void; keep: boolean}) {
  if (model.active && !keep) return null;
  return (
    <button
      type="button"
      class="small"
      aria-label={`${model.active ? 'Keep' : 'Use'} ${model.name} (${f.shortId(model.fingerprint, 13)})`}
      onClick={() => ask({what: model.active ? 'keep' : 'use', model})}
    >
      {model.active ? 'Keep this model' : 'Use this model'}
    </button>
  );
}

const three = (value: number | null | undefined) => f.decimal(value, 3);

const Interval = ({estimate, wide}: {estimate: Estimate | undefined; wide?: boolean}) => (
  <td class={wide ? 'number wide' : 'number'}>
    {three(estimate?.value)}
    {estimate && <span class="note block">{f.range(estimate.low, estimate.high, three)}</span>}
  </td>
);

function Manifest({model}: {model: ModelEntry}) {
  return (
    <details class="table-on-demand">
      <summary>Manifest of “{model.name}”</summary>
      <Scroll label="Manifest">
        <pre>{JSON.stringify(model.manifest, null, 2)}</pre>
      </Scroll>
    </details>
  );
}

function AddModel({added, failed}: {added: () => void; failed: (message: string | null) => void}) {
  const [share, setShare] = useState<number | null>(null);
  const send = async (file: File) => {
    failed(null);
    setShare(0);
    try {
      await api.addModel(file, setShare, new AbortController().signal);
      added();
    } catch (refused) {
      failed((refused as Error).message);
    }
    setShare(null);
  };
  return (
    <FileButton accept=".mh" label="Model file" disabled={share !== null} chosen={(file) => void send(file)}>
      {share === null ? 'Add a model' : `Sending, ${f.percent(share)}`}
    </FileButton>
  );
}
