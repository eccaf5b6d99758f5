// The values behind a load curve as a table, made only when somebody asks for it.
import {useState} from 'preact/hooks';
import * as f from '../format';
import {Scroll} from '../parts/bits';
import type {Peers} from '../types';
import * as m from './curve_model';

const kMost = 366;

export function CurveTable({
  readings,
  window,
  unit,
  peers,
}: {
  readings: m.Readings;
  window: m.Window;
  unit: string;
  peers: Peers | null;
}) {
  const [open, setOpen] = useState(false);
  return (
    <details class="table-on-demand" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Values as a table</summary>
      {open && <Rows {...{readings, window, unit, peers}} />}
    </details>
  );
}

function Rows({
  readings,
  window,
  unit,
  peers,
}: {
  readings: m.Readings;
  window: m.Window;
  unit: string;
  peers: Peers | null;
}) {
  const {monthly, rows} = m.tableRows(readings, window, kMost);
  const fine = readings.step < f.kDay;
  const month = (time: number) =>
    new Intl.DateTimeFormat(f.pageLocale(), {month: 'long', year: 'numeric', timeZone: 'UTC'}).format(time);
  const median = peers && !monthly ? new Map(peers.times.map((time, at) => [f.timeOf(time), peers.median[at]])) : null;
  return (
    <Scroll label="Readings as a table">
      <table class="tall">
        <caption>
          {monthly ? 'By month; zoom in to see each reading.' : `Each reading of the time shown, in ${unit}.`}
        </caption>
        <thead>
          <tr>
            <th scope="col">{monthly ? 'Month' : 'When'}</th>
            <th scope="col" class="number">
              {monthly ? `Mean (${unit})` : `Reading (${unit})`}
            </th>
            {monthly && (
              <th scope="col" class="number">
                Lowest
              </th>
            )}
            {monthly && (
              <th scope="col" class="number">
                Highest
              </th>
            )}
            {monthly && (
              <th scope="col" class="number">
                Missing
              </th>
            )}
            {median && (
              <th scope="col" class="number">
                Peers
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.from}>
              <th scope="row">{monthly ? month(row.from) : f.readingTime(row.from, fine)}</th>
              <td class="number">{row.mean === null ? 'no reading' : f.measure(row.mean)}</td>
              {monthly && <td class="number">{f.measure(row.low)}</td>}
              {monthly && <td class="number">{f.measure(row.high)}</td>}
              {monthly && <td class="number">{f.count(row.missing)}</td>}
              {median && <td class="number">{f.measure(median.get(row.from))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
