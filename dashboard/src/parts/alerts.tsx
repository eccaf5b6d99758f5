// Alerts of the service: a quiet bar above every page while one fires, and the list of all.
import {useShared} from '../context';
import * as f from '../format';
import {href} from '../router';
import type {Alert, Session} from '../types';
import {Scroll} from './bits';

const kPlaces: Record<string, {path: string; scope: string; words: string}> = {
  drift: {path: 'drift', scope: 'review', words: 'What moved, and what to do'},
  dead_jobs: {path: 'system', scope: 'admin', words: 'Which queues, and what to do'},
  retraining: {path: 'model', scope: 'score', words: 'See why, and decide'},
};

// The page where something can be done about it, for those who may see that page.
function WhatToDo({alert, session}: {alert: Alert; session: Session}) {
  const place = kPlaces[alert.alert];
  if (!place || !session.scopes.includes(place.scope)) return null;
  return <a href={href(place.path)}>{place.words}</a>;
}

const Severity = ({severity}: Pick<Alert, 'severity'>) => (
  <span class={`tag severity-${severity === 'critical' ? 'error' : severity}`}>{severity}</span>
);

export function AlertBar() {
  const {alerts, session} = useShared();
  const firing = (alerts.data ?? []).filter(({state}) => state === 'firing');
  if (firing.length === 0) return null;
  return (
    <aside class="alert-bar" aria-label="Alerts">
      <ul>
        {firing.map((alert) => (
          <li key={alert.alert}>
            <Severity severity={alert.severity} />
            <span>
              <strong>{f.sentence(alert.title)}</strong>
              <span class="note"> since {f.moment(alert.since)}</span>
            </span>
            <WhatToDo alert={alert} session={session} />
          </li>
        ))}
      </ul>
    </aside>
  );
}

export function AlertTable({alerts}: {alerts: Alert[]}) {
  const {session} = useShared();
  if (alerts.length === 0) return <p class="note">Nothing has been found wrong yet.</p>;
  return (
    <Scroll label="Alerts">
      <table>
        <thead>
          <tr>
            <th scope="col">Alert</th>
            <th scope="col">State</th>
            <th scope="col">Since</th>
            <th scope="col">Ended</th>
            <th scope="col">Told</th>
            <th scope="col" class="number">
              Times
            </th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <Row key={alert.alert} alert={alert} session={session} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Row({alert, session}: {alert: Alert; session: Session}) {
  const firing = alert.state === 'firing';
  return (
    <tr>
      <th scope="row" class="prose">
        {f.sentence(alert.title)}
        <span class="note block prewrap">{alert.text}</span>
      </th>
      <td>{firing ? <Severity severity={alert.severity} /> : <span class="tag job-done">over</span>}</td>
      <td class="numbers">{f.moment(alert.since)}</td>
      <td class="numbers">{f.moment(alert.resolved)}</td>
      <td class="numbers">{alert.last_told ? f.moment(alert.last_told) : 'nobody'}</td>
      <td class="number">{f.count(alert.times)}</td>
      <td>
        {firing && <WhatToDo alert={alert} session={session} />}
        {alert.link && <code class="block">{alert.link}</code>}
      </td>
    </tr>
  );
}
