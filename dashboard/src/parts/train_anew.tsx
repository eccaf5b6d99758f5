// Orders a retraining: on a file, or on the data that the settings name; what is asked is said before it is done.
import {useEffect, useRef, useState} from 'preact/hooks';
import * as api from '../api';
import * as f from '../format';
import type {Job} from '../types';
import {Dialog} from './dialog';
import {FileButton, READINGS} from './file_button';

export function TrainAnew({close, ordered}: {close: () => void; ordered: (job: Job) => void}) {
  const [share, setShare] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const abort = useRef(new AbortController());
  const once = useRef(api.newKey());
  useEffect(() => () => abort.current.abort(), []);
  const order = async (ask: () => Promise<Job>) => {
    setError(null);
    setAsking(true);
    try {
      ordered(await ask());
    } catch (refused) {
      if (!(refused instanceof DOMException)) setError((refused as Error).message);
    }
    setAsking(false);
    setShare(null);
  };
  const send = (file: File) => {
    const type = api.fileType(file.name);
    if (!type) return setError(`${file.name}: expected a file whose name ends in .csv, .csv.gz, .csv.zst or .parquet`);
    if (file.size === 0) return setError(`${file.name} is empty`);
    setShare(0);
    return void order(() => api.retrainOn(file, type, setShare, abort.current.signal));
  };
  return (
    <Dialog title="Train a new model?" close={close}>
      <p>
        It learns from labelled readings and from what visits told, and is held against the model in use on consumers
        that neither has seen. Lists that exist keep their scores.
      </p>
      <p class="note">
        Where it is not worse it takes over at once, or waits for a person: <code>retraining.promote</code> says which.
        Data that are not to be trusted are refused.
      </p>
      {share !== null && <progress aria-label="Sent" value={share} max={1} />}
      {error && (
        <p class="field-error prewrap" role="alert">
          {error}
        </p>
      )}
      <div class="button-row end">
        <button type="button" class="quiet" onClick={close}>
          Cancel
        </button>
        <button type="button" disabled={asking} onClick={() => void order(() => api.retrain(once.current))}>
          On the configured data
        </button>
        <FileButton
          accept={READINGS}
          label="File of labelled readings"
          class="primary"
          disabled={asking}
          chosen={send}
        >
          {share === null ? 'On a file…' : `Sending, ${f.percent(share)}`}
        </FileButton>
      </div>
    </Dialog>
  );
}
