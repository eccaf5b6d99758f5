// The frame around every page: signing in, navigation, announcements, shortcuts, focus after each move.
import {useEffect, useMemo, useRef, useState} from 'preact/hooks';
import * as api from './api';
import {SharedContext} from './context';
import {CasePage} from './pages/case';
import {CasesPage} from './pages/cases';
import {DriftPage} from './pages/drift';
import {ModelPage} from './pages/model';
import {PlanPage} from './pages/plan';
import {QualityPage} from './pages/quality';
import {SignInPage} from './pages/sign_in';
import {SystemPage} from './pages/system';
import {UploadPage} from './pages/upload';
import {AlertBar} from './parts/alerts';
import {ErrorBoundary} from './parts/error_boundary';
import {Empty, ErrorState, Skeleton} from './parts/states';
import {ShortcutHelp} from './parts/shortcut_help';
import {go, href, type Route, useRoute} from './router';
import {useShortcuts} from './shortcuts';
import {setTheme, theme, type Theme} from './theme';
import type {Session} from './types';
import {useData} from './use_data';

interface Place {
  path: string;
  key: string;
  title: string;
  scope: 'score' | 'review' | 'admin';
  page: (props: {route: Route}) => preact.JSX.Element;
}

const kPlaces: Place[] = [
  {path: 'cases', key: 'c', title: 'Cases', scope: 'review', page: CasesPage},
  {path: 'plan', key: 'p', title: 'Plan', scope: 'review', page: PlanPage},
  {path: 'upload', key: 'u', title: 'Upload', scope: 'score', page: UploadPage},
  {path: 'quality', key: 'q', title: 'Data quality', scope: 'score', page: QualityPage},
  {path: 'model', key: 'm', title: 'Model', scope: 'score', page: ModelPage},
  {path: 'drift', key: 'd', title: 'Drift', scope: 'review', page: DriftPage},
  {path: 'system', key: 's', title: 'System', scope: 'admin', page: SystemPage},
];

const kAlertsEvery = 30_000;

export function App() {
  const session = useData('session', api.session);
  const [lost, setLost] = useState(false);
  useEffect(() => api.onUnauthorised(() => setLost(true)), []);
  const again = () => {
    setLost(false);
    session.reload();
  };
  if (lost || session.error?.status === 401) return <SignInPage done={again} />;
  if (session.error) {
    return (
      <main class="alone">
        <ErrorState level="h1" error={session.error} retry={session.reload} />
      </main>
    );
  }
  if (!session.data) {
    return (
      <main class="alone">
        <Skeleton lines={3} />
      </main>
    );
  }
  return <Frame session={session.data} signOut={() => void api.signOut().finally(() => setLost(true))} />;
}

function Frame({session, signOut}: {session: Session; signOut: () => void}) {
  const route = useRoute();
  const runs = useData('runs', api.runs);
  const alerts = useData(session.scopes.includes('review') ? 'alerts' : null, api.alerts, kAlertsEvery);
  const [said, announce] = useState('');
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const places = kPlaces.filter((place) => session.scopes.includes(place.scope));
  const name = route.path[0] ?? places[0]?.path ?? '';
  const place = places.find((one) => one.path === name);
  const onCase = name === 'cases' && route.path.length > 1;
  const Page = onCase ? CasePage : place?.page;
  const shared = useMemo(() => ({session, runs, alerts, announce}), [session, runs, alerts]);

  useFocusOnMove(route, main);
  useEffect(() => {
    // On small screens the row of pages scrolls: the one that is shown must be in it.
    document.querySelector('.top nav [aria-current]')?.scrollIntoView({block: 'nearest', inline: 'nearest'});
  }, [name]);
  useShortcuts({'?': () => setHelp(true)});
  useGoTo(places);

  return (
    <SharedContext.Provider value={shared}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="top">
        <a class="brand" href={href(places[0]?.path ?? '')}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M3 11h7l4-6 4 10 3-4h8" />
            <path class="low" d="M3 23h13l3 3h10" />
          </svg>
          Meterhound
        </a>
        <nav aria-label="Pages">
          <ul>
            {places.map(({path, title}) => (
              <li key={path}>
                <a href={href(path)} aria-current={path === name ? (onCase ? 'true' : 'page') : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="top-tools">
          <ThemeChoice />
          <button type="button" class="quiet wide-only" aria-label="Keyboard shortcuts" onClick={() => setHelp(true)}>
            ?
          </button>
          {session.keys_required && (
            <button type="button" class="quiet" title={`Signed in as ${session.name}`} onClick={signOut}>
              Sign out
            </button>
          )}
        </div>
      </header>
      <AlertBar />
      <main ref={main} tabIndex={-1} id="content">
        {Page ? (
          <ErrorBoundary key={onCase ? route.path[1] : name}>
            <Page route={route} />
          </ErrorBoundary>
        ) : (
          <Empty level="h1" title="There is no such page">
            <p>
              <a href={href(places[0]?.path ?? '')}>To the first page</a>
            </p>
          </Empty>
        )}
      </main>
      <div class="visually-hidden" role="status" aria-live="polite">
        {said}
      </div>
      {help && <ShortcutHelp close={() => setHelp(false)} />}
    </SharedContext.Provider>
  );
}

// After a move to another page the focus goes to its heading, so that screen readers hear where they are.
function useFocusOnMove(route: Route, main: {current: HTMLElement | null}) {
  const path = route.path.join('/');
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    (main.current?.querySelector('h1') ?? main.current)?.focus({preventScroll: true});
  }, [path]);
}

// `g` and then the key of a page.
function useGoTo(places: Place[]) {
  const waiting = useRef(0);
  const handlers: Record<string, (event: KeyboardEvent) => void> = {g: () => (waiting.current = Date.now())};
  useShortcuts(handlers);
  useEffect(() => {
    const second = (event: KeyboardEvent) => {
      const place = places.find(({key}) => key === event.key);
      const early = Date.now() - waiting.current < 1500;
      waiting.current = 0;
      if (!place || !early) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      go(place.path);
    };
    window.addEventListener('keydown', second, true);
    return () => window.removeEventListener('keydown', second, true);
  }, [places.length]);
}

function ThemeChoice() {
  const [choice, setChoice] = useState<Theme>(theme());
  return (
    <label class="theme">
      <span class="visually-hidden">Colours</span>
      <select
        value={choice}
        onChange={(event) => {
          const next = event.currentTarget.value as Theme;
          setTheme(next);
          setChoice(next);
        }}
      >
        <option value="system">Auto</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}
