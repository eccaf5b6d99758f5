// Drift: whether what is scored today still looks like what the model was trained on, and since when it does not.
import {useEffect, useState} from 'preact/hooks';
import * as api from '../api';
import {ShareBar} from '../charts/bars';
import {DriftChart} from '../charts/drift_chart';
import {useShared} from '../context';
import * as f from '../format';
import {PageHead, Scroll, Tile, Tiles} from '../parts/bits';
import {Awaited, Empty} from '../parts/states';
import {href, type Route} from '../router';
import type {Drift, DriftFeature, DriftLevel, DriftRate, DriftWindow} from '../types';
import {useData} from '../use_data';

const kKinds: Record<string, string> = {
  covariate: 'consumption',
  missingness: 'missing readings',
  score: 'scores',
  label: 'share of thefts',
};

export function DriftPage(_: {route: Route}) {
  const drift = useData('drift', api.drift);
  const history = useData('drift history', api.driftHistory);
  useEffect(() => void (document.title = 'Drift · Meterhound'), []);
  return (
    <>
      <PageHead title="Drift" note="Does what is scored today still look like what the model was trained on?" />
      <Awaited from={drift}>
        {(check) =>
          check.report ? (
            <Report drift={check.report} at={'at' in check ? check.at : ''} />
          ) : (
            <Empty title="Nothing has been compared yet">
              <p>
                Every list is compared with what its model was trained on as it is scored, where the model carries that
                reference. <code>meterhound drift</code> compares any two files.
              </p>
            </Empty>
          )
        }
      </Awaited>
      <Awaited from={history} lines={4}>
        {(checks) =>
          checks.length > 1 ? (
            <section aria-labelledby="history">
              <h2 id="history">History</h2>
              <DriftChart checks={checks} />
            </section>
          ) : null
        }
      </Awaited>
      {drift.data?.report && <Features features={drift.data.report.features} />}
    </>
  );
}

function Report({drift, at}: {drift: Drift; at: string}) {
  const bad = drift.verdict === 'drift';
  return (
    <>
      <div class={`card verdict-card ${bad ? 'bad' : 'good'}`}>
        <p class="verdict">
          <strong>{bad ? 'Drift' : 'Stable'}</strong>
          {bad && <span>in {drift.kinds.map((kind) => kKinds[kind] ?? kind).join(', ')}</span>}
        </p>
        {drift.reasons.length > 0 && (
          <ul>
            {drift.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
        {bad && <WhatToDo />}
        {!bad && <p>Nothing moved further than chance and the threshold allow.</p>}
        <p class="note">
          Checked {f.moment(at)}: {windowText(drift.current)} against {windowText(drift.reference)}
          {drift.same_season ? ', the same season' : ''}. When nothing changes, at most {f.percent(drift.false_alarms)}{' '}
          of such checks alarm.
        </p>
        {drift.notes.map((note) => (
          <p class="note" key={note}>
            {note}
          </p>
        ))}
      </div>
      <Tiles>
        {drift.level && (
          <Tile label="Level of use" note={levelNote(drift.level)}>
            <Flag on={drift.level.drifted}>{change(drift.level.change)}</Flag>
          </Tile>
        )}
        {drift.missing_readings && <RateTile label="Readings missing" rate={drift.missing_readings} />}
        {drift.label_rate && <RateTile label="Share of thefts" rate={drift.label_rate} />}
        {drift.score && (
          <Tile label="Scores (PSI)" note={`alarms from ${f.decimal(drift.score.psi_bar, 2)}`}>
            <Flag on={drift.score.drifted}>{f.decimal(drift.score.psi, 3)}</Flag>
          </Tile>
        )}
        {drift.groups.map((group) => (
          <Tile
            key={group.group}
            label={`Features: ${f.words(group.group)}`}
            note={`median PSI ${f.decimal(group.psi_median, 3)}, highest ${f.decimal(group.psi_max, 2)}`}
          >
            <Flag on={group.drifted > 0}>
              {f.count(group.drifted)} of {f.count(group.features)}
            </Flag>
          </Tile>
        ))}
      </Tiles>
      <Segments drift={drift} />
    </>
  );
}

// docs/operations.md#drift, in short.
function WhatToDo() {
  const {session} = useShared();
  return (
    <details class="table-on-demand" open>
      <summary>What to do</summary>
      <ul>
        <li>Readings missing, or one district alone: look at meters and files first; that is no theft.</li>
        <li>The level of all: weather, tariffs, or readings in another unit.</li>
        <li>
          If the town has truly changed:{' '}
          {session.scopes.includes('score') ? <a href={href('model')}>train anew</a> : 'train anew'} on current readings
          with what visits found, compare, and use the new model. Until then probabilities may be off.
        </li>
      </ul>
      {session.scopes.includes('admin') || <p class="note">Training anew takes a key with the scope “admin”.</p>}
    </details>
  );
}

const Flag = ({on, children}: {on: boolean; children: preact.ComponentChildren}) => (
  <span class={on ? 'flagged' : undefined}>
    {children}
    {on && <span class="visually-hidden"> (drifted)</span>}
  </span>
);

function change(value: number | null): string {
  const size = f.percent(value === null ? null : Math.abs(value));
  return value === null || Math.abs(value) < 0.0005 ? size : `${value > 0 ? '+' : '−'}${size}`;
}
const levelNote = ({paired}: DriftLevel) =>
  paired ? 'each consumer against itself' : 'one set of consumers against another';

function RateTile({label, rate}: {label: string; rate: DriftRate}) {
  return (
    <Tile label={label} note={`${f.percent(rate.reference)} before`}>
      <Flag on={rate.drifted}>{f.percent(rate.current)}</Flag>
    </Tile>
  );
}

function windowText({consumers, first, last}: DriftWindow): string {
  return `${f.plural(consumers, 'consumer')}${first && last ? ` (${f.day(first)} to ${f.day(last)})` : ''}`;
}

function Segments({drift}: {drift: Drift}) {
  if (!drift.segmented_by || drift.segments.length === 0) return null;
  return (
    <section aria-labelledby="segments">
      <h2 id="segments">By {f.words(drift.segmented_by)}</h2>
      <Scroll label="Segments">
        <table>
          <thead>
            <tr>
              <th scope="col">{f.sentence(drift.segmented_by)}</th>
              <th scope="col" class="number">
                Consumers
              </th>
              <th scope="col" class="number">
                Level beside the rest
              </th>
              <th scope="col" class="number">
                Missing beside the rest
              </th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {drift.segments.map((segment) => {
              const on = segment.level.drifted || segment.missing.drifted;
              return (
                <tr key={segment.name}>
                  <th scope="row">{segment.name}</th>
                  <td class="number">{f.count(segment.consumers)}</td>
                  <td class="number">{change(segment.level.change)}</td>
                  <td class="number">{change(segment.missing.change)}</td>
                  <td>
                    <span class={`tag severity-${on ? 'warning' : 'info'}`}>{on ? 'drifted' : 'as the rest'}</span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

const kAtOnce = 25;

function Features({features}: {features: DriftFeature[]}) {
  const [shown, setShown] = useState(kAtOnce);
  if (features.length === 0) return null;
  const most = Math.max(0.25, ...features.map(({psi}) => psi ?? 0));
  return (
    <section aria-labelledby="features">
      <h2 id="features">Features</h2>
      <Scroll label="Features by drift">
        <table>
          <thead>
            <tr>
              <th scope="col">Feature</th>
              <th scope="col" class="wide">
                Group
              </th>
              <th scope="col" class="number">
                PSI
              </th>
              <th scope="col" class="plot">
                <span class="visually-hidden">PSI, drawn</span>
              </th>
              <th scope="col" class="number">
                Alarms from
              </th>
              <th scope="col" class="number">
                KS
              </th>
              <th scope="col" class="number">
                p, adjusted
              </th>
              <th scope="col" class="number">
                Missing
              </th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {features.slice(0, shown).map((feature) => (
              <tr key={feature.name}>
                <th scope="row">
                  <span class="id clip widest-clip" title={feature.name}>
                    {feature.name}
                  </span>
                </th>
                <td class="wide">{f.words(feature.group)}</td>
                <td class="number">{f.decimal(feature.psi, 3)}</td>
                <td class="plot">
                  <ShareBar value={feature.psi ?? 0} most={most} tone={feature.drifted ? 'raises' : 'soft'} />
                </td>
                <td class="number">{f.decimal(feature.psi_bar, 2)}</td>
                <td class="number">{f.decimal(feature.ks, 3)}</td>
                <td class="number">{probability(feature.p_adjusted)}</td>
                <td class="number">
                  {f.percent(feature.missing.reference)} → {f.percent(feature.missing.current)}
                </td>
                <td>
                  <span class={`tag severity-${feature.drifted || feature.missing.drifted ? 'warning' : 'info'}`}>
                    {feature.drifted || feature.missing.drifted ? 'drifted' : 'stable'}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {shown < features.length && (
        <button type="button" onClick={() => setShown(shown + 100)}>
          Show more of {f.count(features.length)}
        </button>
      )}
    </section>
  );
}

const probability = (p: number | null) => (p === null ? f.kNothing : p < 0.001 ? '< 0.001' : f.decimal(p, 3));
