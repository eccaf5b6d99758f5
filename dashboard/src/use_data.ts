// Loads what a view shows: keeps what was there while newer data come, drops answers that nobody waits for.
import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import {ApiError} from './api';

export interface Loaded<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload: () => void;
}

const asError = (error: unknown) =>
  error instanceof ApiError ? error : new ApiError(0, 'The answer cannot be read', String(error));

// `key` says what is asked for; another key asks again, null asks for nothing. `every` repeats after so many milliseconds
// while the tab is visible.
export function useData<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>, every = 0): Loaded<T> {
  const [state, setState] = useState<{key: string | null; data?: T; error?: ApiError; loading: boolean}>({
    key: null,
    loading: key !== null,
  });
  const [turn, setTurn] = useState(0);
  const loader = useRef(load);
  loader.current = load;
  useEffect(() => {
    if (key === null) {
      setState({key, loading: false});
      return undefined;
    }
    const abort = new AbortController();
    let timer = 0;
    const ask = async () => {
      try {
        const data = await loader.current(abort.signal);
        if (!abort.signal.aborted) setState({key, data, loading: false});
      } catch (error) {
        if (!abort.signal.aborted)
          setState((before) => ({
            key,
            ...(before.key === key && before.data !== undefined && every ? {data: before.data} : {}),
            error: asError(error),
            loading: false,
          }));
      }
      if (every && !abort.signal.aborted)
        timer = window.setTimeout(() => (document.hidden ? wait() : void ask()), every);
    };
    const wait = () =>
      document.addEventListener('visibilitychange', () => void ask(), {once: true, signal: abort.signal});
    setState((before) => ({...before, loading: true}));
    void ask();
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [key, turn, every]);
  const reload = useCallback(() => setTurn((value) => value + 1), []);
  // Of another key than the one asked for: on its way, from the very first drawing on.
  return {data: state.data, error: state.error, loading: state.loading || state.key !== key, reload};
}

// `value`, once it has rested for `delay` milliseconds.
export function useDebounced<T>(value: T, delay: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), delay);
    return () => window.clearTimeout(timer);
  }, [value, delay]);
  return settled;
}
