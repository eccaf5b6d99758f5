// Data quality: what is odd about the readings of a run, and what follows from it.
import {useEffect} from 'preact/hooks';
import * as api from '../api';
import * as f from '../format';
import {PageHead, RunBanners, Scroll} from '../parts/bits';
import {RunChoice, WithRun} from '../parts/run_choice';
import {Awaited, Empty} from '../parts/states';
import type {Route} from '../router';
import type {QualityFinding, Run} from '../types';
import {useData} from '../use_data';

const kOrder = {error: 0, warning: 1, info: 2};
const kWords = {error: 'error', warning: 'look at', info: 'fact'};

export function QualityPage({route}: {route: Route}) {
  useEffect(() => void (document.title = 'Data quality · Meterhound'), []);
  return <WithRun route={route}>{(run) => <Quality run={run} />}</WithRun>;
}

function Quality({run}: {run: Run}) {
  const findings = useData(run.id, (signal) => api.quality(run.id, signal));
  return (
    <>
      <PageHead title="Data quality" note={`${run.title}, ${f.plural(run.consumers, 'consumer')}`}>
        <RunChoice run={run} path="quality" />
      </PageHead>
      <RunBanners run={run} />
      <Awaited from={findings}>{(items) => <Findings items={items} />}</Awaited>
    </>
  );
}

function Findings({items}: {items: QualityFinding[]}) {
  if (items.length === 0) return <Empty title="Nothing was noted about these readings" />;
  const sorted = [...items].sort((a, b) => kOrder[a.severity] - kOrder[b.severity]);
  const open = items.filter(({severity}) => severity !== 'info').length;
  return (
    <>
      <p>
        {open === 0
          ? 'Nothing in these readings needs a look.'
          : `${f.plural(open, 'finding')} to look at before trusting the list.`}
      </p>
      <Scroll label="Findings">
        <table class="quality">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Value</th>
              <th scope="col">Kind</th>
              <th scope="col">Meaning</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(({name, value, severity, meaning}, index) => (
              <tr key={index}>
                <th scope="row">{name}</th>
                <td class="numbers">{value}</td>
                <td>
                  <span class={`tag severity-${severity}`}>{kWords[severity] ?? severity}</span>
                </td>
                <td class="prose">{meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
