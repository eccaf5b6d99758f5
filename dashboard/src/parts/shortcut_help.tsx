// The list of keys, with a switch for those who press keys by voice or by accident.
import {useState} from 'preact/hooks';
import {enableShortcuts, kCurveKeys, kShortcuts, shortcutsEnabled} from '../shortcuts';
import {Dialog} from './dialog';

export function ShortcutHelp({close}: {close: () => void}) {
  const [on, setOn] = useState(shortcutsEnabled());
  return (
    <Dialog title="Keyboard" close={close}>
      <h3>Everywhere</h3>
      <Keys rows={kShortcuts} />
      <h3>On the load curve</h3>
      <Keys rows={kCurveKeys} />
      <label class="check">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => {
            enableShortcuts(event.currentTarget.checked);
            setOn(event.currentTarget.checked);
          }}
        />
        Single-key shortcuts
      </label>
    </Dialog>
  );
}

function Keys({rows}: {rows: [string, string][]}) {
  return (
    <table class="keys">
      <tbody>
        {rows.map(([keys, what]) => (
          <tr key={keys}>
            <th scope="row">
              <kbd>{keys}</kbd>
            </th>
            <td>{what}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
