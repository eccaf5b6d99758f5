// What every page may ask: who is signed in, which runs and alerts there are, and where to say things aloud.
import {createContext} from 'preact';
import {useContext} from 'preact/hooks';
import type {Loaded} from './use_data';
import type {Alert, Run, Session} from './types';

export interface Shared {
  session: Session;
  runs: Loaded<Run[]>;
  alerts: Loaded<Alert[]>; // nothing for keys that may not see them
  announce: (text: string) => void;
}

export const SharedContext = createContext<Shared | null>(null);

export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (!shared) throw new Error('no shared state around this page');
  return shared;
}

// The run that the address names, else the latest.
export function chosenRun(runs: Run[], id: string | null): Run | undefined {
  return id ? runs.find((run) => run.id === id) : [...runs].sort((a, b) => b.created.localeCompare(a.created))[0];
}
