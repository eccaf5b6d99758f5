// A button that lets somebody choose a file; the input itself is out of sight.
import type {ComponentChildren} from 'preact';
import {useRef} from 'preact/hooks';

export function FileButton(props: {
  accept: string;
  label: string; // of the input, for who does not see
  chosen: (file: File) => void;
  class?: string;
  disabled?: boolean;
  children: ComponentChildren;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={props.class} disabled={props.disabled} onClick={() => input.current?.click()}>
        {props.children}
      </button>
      <input
        ref={input}
        type="file"
        accept={props.accept}
        aria-label={props.label}
        class="visually-hidden"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = ''; // so that the same file can be chosen again
          if (file) props.chosen(file);
        }}
      />
    </>
  );
}

export const READINGS = '.csv,.parquet,.gz,.zst';
