// Models: how good the active one is, which others there are, and changing between them.
import {useEffect, useRef, useState} from 'preact/hooks';
import * as api from '../api';
import {useShared} from '../context';
import * as f from '../format';
import {Id, PageHead, Scroll} from '../parts/bits';
import {Dialog} from '../parts/dialog';
import {EvaluationSection} from '../parts/evaluation';
import {Awaited, Empty} from '../parts/states';
import {href, type Route} from '../router';
import type {ModelEntry, Models} from '../types';
import {useData} from '../use_data';

type Ask = {what: 'activate'; model: ModelEntry} | {what: 'rollback'};

export function ModelPage({route}: {route: Route}) {
  const {announce, session} = useShared();
  const admin = session.scopes.includes('admin');
  const models = useData('models', api.models);
  const [ask, setAsk] = useState<Ask | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => void (document.title = 'Model · Meterhound'), []);
  const act = async (question: Ask) => {
    setAsk(null);
    setError(null);
    try {
      await (question.what === 'activate' ? api.activateModel(question.model.fingerprint) : api.rollBackModel());
      announce('Another model is active');
      models.reload();
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
        {(data) => <Content data={data} chosen={route.query.get('model')} ask={admin ? setAsk : null} />}
      </Awaited>
      {ask && (
        <Dialog title={ask.what === 'activate' ? 'Activate this model?' : 'Roll back?'} close={() => setAsk(null)}>
          <p>
            {ask.what === 'activate'
              ? `From now on “${ask.model.name}” scores what is uploaded. Lists that exist keep their scores.`
              : 'The model that was active before this one takes over again. Lists that exist keep their scores.'}
          </p>
          <div class="button-row end">
            <button type="button" class="quiet" onClick={() => setAsk(null)}>
              Cancel
            </button>
            <button type="button" class="primary" onClick={() => void act(ask)}>
              {ask.what === 'activate' ? 'Activate' : 'Roll back'}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Content({data, chosen, ask}: {data: Models; chosen: string | null; ask: ((question: Ask) => void) | null}) {
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
  return (
    <>
      <section aria-labelledby="models">
        <h2 id="models">Models</h2>
        <Scroll label="Models">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Fingerprint</th>
                <th scope="col">Added</th>
                <th scope="col" class="number">
                  Trained on
                </th>
                <th scope="col" class="number">
                  Features
                </th>
                <th scope="col" class="number">
                  ROC-AUC
                </th>
                <th scope="col" class="number">
                  PR-AUC
                </th>
                <th scope="col">
                  <span class="visually-hidden">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((model) => (
                <tr key={model.fingerprint} aria-current={model === shown ? 'true' : undefined}>
                  <th scope="row">
                    <a href={href('model', {model: model.fingerprint})}>{model.name}</a>{' '}
                    {model.active && <span class="tag job-done">active</span>}
                  </th>
                  <td>
                    <Id id={model.fingerprint} length={13} />
                  </td>
                  <td class="numbers">{f.moment(model.added)}</td>
                  <td class="number">{f.count(model.consumers)}</td>
                  <td class="number">{f.count(model.features)}</td>
                  <td class="number">{f.decimal(model.evaluation?.roc_auc.value, 3)}</td>
                  <td class="number">{f.decimal(model.evaluation?.pr_auc.value, 3)}</td>
                  <td>
                    {ask && !model.active && (
                      <button
                        type="button"
                        class="small"
                        aria-label={`Activate ${model.name}`}
                        onClick={() => ask({what: 'activate', model})}
                      >
                        Activate
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
        {ask && data.items.length > 1 && (
          <div class="button-row">
            <button type="button" onClick={() => ask({what: 'rollback'})}>
              Roll back to the one before
            </button>
          </div>
        )}
      </section>
      <section aria-labelledby="evaluation">
        <h2 id="evaluation">Evaluation of {shown.name}</h2>
        {shown.evaluation ? (
          <EvaluationSection evaluation={shown.evaluation} />
        ) : (
          <p class="note">This model carries no evaluation: nobody knows how good it is.</p>
        )}
      </section>
      <Manifest model={shown} />
    </>
  );
}

function Manifest({model}: {model: ModelEntry}) {
  return (
    <details class="table-on-demand">
      <summary>Manifest of {model.name}</summary>
      <Scroll label="Manifest">
        <pre>{JSON.stringify(model.manifest, null, 2)}</pre>
      </Scroll>
    </details>
  );
}

function AddModel({added, failed}: {added: () => void; failed: (message: string | null) => void}) {
  const input = useRef<HTMLInputElement>(null);
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
    <>
      <button type="button" disabled={share !== null} onClick={() => input.current?.click()}>
        {share === null ? 'Add a model' : `Sending, ${f.percent(share)}`}
      </button>
      <input
        ref={input}
        type="file"
        accept=".mh"
        aria-label="Model file"
        class="visually-hidden"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) void send(file);
        }}
      />
    </>
  );
}
