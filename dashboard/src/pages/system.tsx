// System: queues, workers, requests and the store as they are now, alerts, and who did what.
import {useEffect, useState} from 'preact/hooks';
import * as api from '../api';
import {useShared} from '../context';
import * as f from '../format';
import {actionWords} from '../parts/actions';
import {AlertTable} from '../parts/alerts';
import {PageHead, Scroll, Tile, Tiles} from '../parts/bits';
import {detailText} from '../parts/history';
import {Awaited} from '../parts/states';
import type {Route} from '../router';
import type {Audit, System} from '../types';
import {useData} from '../use_data';

export function SystemPage(_: {route: Route}) {
  const {alerts, session} = useShared();
  const system = useData('system', api.system, 5000);
  const [cursor, setCursor] = useState('');
  const audit = useData(`audit ${cursor}`, (signal) => api.audit({limit: 25, cursor}, signal));
  useEffect(() => void (document.title = 'System · Meterhound'), []);
  return (
    <>
      <PageHead title="System" note="As it is now; asked again every five seconds." />
      <Awaited from={{...system, loading: false}}>{(data) => <Health system={data} />}</Awaited>
      {session.scopes.includes('review') && (
        <section aria-labelledby="alerts">
          <h2 id="alerts">Alerts</h2>
          <Awaited from={{...alerts, loading: false}} lines={2}>
            {(all) => <AlertTable alerts={all} />}
          </Awaited>
        </section>
      )}
      <section aria-labelledby="audit">
        <h2 id="audit">Who did what</h2>
        <Awaited from={audit} lines={5}>
          {(data) => <AuditTable audit={data} older={setCursor} first={cursor === ''} />}
        </Awaited>
      </section>
    </>
  );
}

function Health({system}: {system: System}) {
  const {store, requests} = system;
  const dead = system.queues.reduce((sum, queue) => sum + queue.dead, 0);
  return (
    <>
      <Tiles>
        <Tile label="Version" note={`up ${f.duration(system.uptime_seconds)}`}>
          {system.version}
        </Tile>
        <Tile label="Store" note={store.bytes === null ? store.backend : `${store.backend}, ${f.bytes(store.bytes)}`}>
          <span class={`tag severity-${store.reachable ? 'info' : 'error'}`}>
            {store.reachable ? 'reachable' : 'not reachable'}
          </span>
        </Tile>
        <Tile
          label="Requests"
          note={requests.errors === 0 ? 'no errors' : `${f.plural(requests.errors, 'error')} of the server`}
        >
          {f.count(requests.total)}
        </Tile>
        <Tile label="Answers take" note={`99 of 100 at most ${f.measure(requests.p99_ms, 'ms')}`}>
          {f.measure(requests.p50_ms, 'ms')}
        </Tile>
        <Tile label="Model">
          {system.model ? (
            <span class="id" title={system.model}>
              {f.shortId(system.model, 11)}
            </span>
          ) : (
            'none'
          )}
        </Tile>
      </Tiles>
      {dead > 0 && (
        <p class="banner">
          <strong>{f.plural(dead, 'job')} given up</strong> after several attempts.{' '}
          <code>meterhound jobs list --state dead</code> says why; <code>meterhound jobs retry</code> tries again.
        </p>
      )}
      <div class="columns">
        <Queues queues={system.queues} />
        <Workers workers={system.workers} />
      </div>
    </>
  );
}

function Queues({queues}: {queues: System['queues']}) {
  return (
    <section aria-labelledby="queues">
      <h2 id="queues">Queues</h2>
      <Scroll label="Queues">
        <table>
          <thead>
            <tr>
              <th scope="col">Queue</th>
              <th scope="col" class="number">
                Waiting
              </th>
              <th scope="col" class="number">
                Running
              </th>
              <th scope="col" class="number">
                Given up
              </th>
              <th scope="col" class="number">
                Oldest
              </th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <tr key={queue.name}>
                <th scope="row">
                  {queue.name} <span class="note">{queue.backend}</span>
                </th>
                <td class="number">{f.count(queue.waiting)}</td>
                <td class="number">{f.count(queue.running)}</td>
                <td class="number">{f.count(queue.dead)}</td>
                <td class="number">{f.duration(queue.oldest_seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Workers({workers}: {workers: System['workers']}) {
  return (
    <section aria-labelledby="workers">
      <h2 id="workers">Workers</h2>
      {workers.length === 0 ? (
        <p class="banner">
          <strong>No worker is running.</strong> Jobs wait until one starts: <code>meterhound worker</code>.
        </p>
      ) : (
        <Scroll label="Workers">
          <table>
            <thead>
              <tr>
                <th scope="col">Worker</th>
                <th scope="col">Serves</th>
                <th scope="col">Seen</th>
              </tr>
            </thead>
            <tbody>
              {workers.map((worker) => (
                <tr key={worker.id}>
                  <th scope="row">
                    <span class="id" title={worker.id}>
                      {f.shortId(worker.id, 24)}
                    </span>
                  </th>
                  <td>{worker.queues.join(', ')}</td>
                  <td>{f.ago(worker.last_seen)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

function AuditTable({audit, older, first}: {audit: Audit; older: (cursor: string) => void; first: boolean}) {
  return (
    <>
      {!audit.intact && (
        <p class="file-error" role="alert">
          <strong>The record has been tampered with: its chain of hashes is broken.</strong>
        </p>
      )}
      <Scroll label="Audit log">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                No.
              </th>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Detail</th>
            </tr>
          </thead>
          <tbody>
            {audit.items.map((entry) => (
              <tr key={entry.seq} title={entry.hash}>
                <td class="number">{f.count(entry.seq)}</td>
                <td class="numbers">{f.moment(entry.at)}</td>
                <td>{entry.who}</td>
                <td>
                  {actionWords(entry.action)}{' '}
                  <span class="id" title={entry.target}>
                    {f.shortId(entry.target, 24)}
                  </span>
                </td>
                <td class="prose">{detailText(entry.detail)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {audit.items.length === 0 && <p class="note">Nothing is recorded yet.</p>}
      <div class="button-row">
        {!first && (
          <button type="button" onClick={() => older('')}>
            Newest
          </button>
        )}
        {audit.next && (
          <button type="button" onClick={() => older(audit.next!)}>
            Older
          </button>
        )}
      </div>
    </>
  );
}
