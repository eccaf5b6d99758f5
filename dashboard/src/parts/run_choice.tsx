// Chooses the run that a page speaks of; without any run it says how to make the first.
import type {ComponentChildren} from 'preact';
import {useShared, chosenRun} from '../context';
import * as f from '../format';
import {go, href, type Route} from '../router';
import type {Run} from '../types';
import {Awaited, Empty} from './states';

export function RunChoice({run, path}: {run: Run; path: string}) {
  const {runs} = useShared();
  const all = runs.data ?? [];
  if (all.length < 2) return null;
  return (
    <label class="field inline">
      <span class="field-label">Run</span>
      <select value={run.id} onChange={(event) => go(path, {run: event.currentTarget.value})}>
        {all.map((one) => (
          <option value={one.id} key={one.id}>
            {one.title} · {f.moment(one.created)}
          </option>
        ))}
      </select>
    </label>
  );
}

export function WithRun({route, children}: {route: Route; children: (run: Run) => ComponentChildren}) {
  const {runs} = useShared();
  return (
    <Awaited from={runs} level="h1">
      {(all) => {
        const run = chosenRun(all, route.query.get('run'));
        if (run) return children(run);
        return all.length === 0 ? (
          <Empty level="h1" title="Nothing has been scored yet">
            <p>Upload a file of readings: the ranked list appears here as soon as it is scored.</p>
            <p>
              <a class="button primary" href={href('upload')}>
                Upload readings
              </a>
            </p>
          </Empty>
        ) : (
          <Empty level="h1" title="This run is not kept any more">
            <p>
              <a href={href('cases')}>Show the latest run</a>
            </p>
          </Empty>
        );
      }}
    </Awaited>
  );
}
