// Single-key shortcuts: off while somebody types, off altogether where the reader says so.
import {useLayoutEffect, useRef} from 'preact/hooks';
import {remember, remembered} from './theme';

const kKey = 'meterhound.shortcuts';
let enabled = remembered(kKey) !== 'off';

export const shortcutsEnabled = () => enabled;
export function enableShortcuts(on: boolean): void {
  enabled = on;
  remember(kKey, on ? 'on' : 'off');
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['button', 'checkbox', 'radio', 'range', 'submit', 'file'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

// Calls the handler of the key that was pressed, while the component is there.
export function useShortcuts(handlers: Record<string, (event: KeyboardEvent) => void>): void {
  const current = useRef(handlers);
  current.current = handlers;
  // Before the page is painted: a key pressed as soon as it is seen must count.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!enabled || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target))
        return;
      if (document.querySelector('dialog[open]')) return;
      const handler = current.current[event.key];
      if (!handler) return;
      event.preventDefault();
      handler(event);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}

export const kShortcuts: [keys: string, what: string][] = [
  ['j / k', 'Next / previous case, in the list and on a case'],
  ['Enter', 'Open the chosen case'],
  ['/', 'Search by consumer id'],
  ['[ / ]', 'Previous / next page of the list'],
  ['u', 'From a case back to the list'],
  ['g then c, p, u, q, m, d, s', 'Go to cases, plan, upload, data quality, model, drift, system'],
  ['?', 'This list'],
];

export const kCurveKeys: [keys: string, what: string][] = [
  ['+ / −', 'Zoom in / out'],
  ['← / →', 'Earlier / later'],
  ['Shift + ← / →', 'Read the previous / next reading'],
  ['0', 'The whole span'],
];
