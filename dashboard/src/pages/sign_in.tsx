// Signing in with an API key; the key itself is not kept, the service answers with a cookie that scripts cannot read.
import {useEffect, useRef, useState} from 'preact/hooks';
import * as api from '../api';

export function SignInPage({done}: {done: () => void}) {
  const [key, setKey] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = 'Sign in · Meterhound';
    field.current?.focus();
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await api.signIn(key.trim());
      done();
    } catch (refused) {
      const status = refused instanceof api.ApiError ? refused.status : 0;
      setError(
        status === 401 || status === 403
          ? 'This key is not known here, or it has been withdrawn.'
          : String((refused as Error).message),
      );
      field.current?.focus();
    }
    setBusy(false);
  };

  return (
    <main class="alone">
      <form class="card sign-in" onSubmit={(event) => void submit(event)}>
        <h1>Meterhound</h1>
        <p class="note">
          Sign in with your key. Whoever runs the service makes one with <code>meterhound keys add</code>.
        </p>
        <label class="field">
          <span class="field-label">Key</span>
          <input
            ref={field}
            type="password"
            autocomplete="current-password"
            spellcheck={false}
            required
            value={key}
            aria-invalid={error !== null}
            aria-describedby={error ? 'sign-in-error' : undefined}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
        {error && (
          <p class="field-error" id="sign-in-error" role="alert">
            {error}
          </p>
        )}
        <button type="submit" class="primary" disabled={busy || !key.trim()}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}
