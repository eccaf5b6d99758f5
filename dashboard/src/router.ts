// Where the page is: `#/cases?tier=high`, so that every view has an address and Back works.
import {useEffect, useState} from 'preact/hooks';
import {type Query, withQuery} from './api';

export interface Route {
  path: string[]; // ["cases", "7f3a"]
  query: URLSearchParams;
  hash: string;
}

export function parseHash(hash: string): Route {
  const text = hash.replace(/^#\/?/, '');
  const [path = '', query = ''] = text.split(/\?(.*)/s);
  const decode = (part: string) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  };
  return {path: path.split('/').filter(Boolean).map(decode), query: new URLSearchParams(query), hash};
}

export const href = (path: string, query: Query = {}) => withQuery(`#/${path}`, query);

export function go(path: string, query: Query = {}, replace = false): void {
  const target = href(path, query);
  if (target === location.hash) return;
  if (!replace) {
    location.hash = target;
    return;
  }
  history.replaceState(null, '', target);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseHash(location.hash));
  useEffect(() => {
    const changed = () => setRoute(parseHash(location.hash));
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return route;
}
