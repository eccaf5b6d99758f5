// Numbers, dates and durations as the page writes them. The page's words are English, so are its numbers: in the reader's
// own English where the browser names one.

let locale = 'en-GB';

export function setLocale(language: string): void {
  locale = /^en\b/i.test(language) ? language : 'en-GB';
}

export const pageLocale = () => locale;

const formats = new Map<string, Intl.NumberFormat>();
function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format;
}

export const kNothing = '–';

type Maybe = number | null | undefined;
const known = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value);

export const count = (value: Maybe) =>
  known(value) ? numberFormat({maximumFractionDigits: 0}).format(value) : kNothing;

// Three digits: 25.1, 7.47, 4,715.
export function measure(value: Maybe, unit = ''): string {
  if (!known(value)) return kNothing;
  const size = Math.abs(value);
  const text = numberFormat(size >= 100 ? {maximumFractionDigits: 0} : {maximumSignificantDigits: 3}).format(value);
  return unit ? `${text} ${unit}` : text;
}

// A share as per cent: whole from 10 % on, one digit below, so that 0.4 % is not 0 %.
export function percent(value: Maybe): string {
  if (!known(value)) return kNothing;
  const digits = Math.abs(value) < 0.0995 ? 1 : 0;
  return `${numberFormat({maximumFractionDigits: digits}).format(value * 100)} %`;
}

export const decimal = (value: Maybe, digits: number) =>
  known(value) ? numberFormat({minimumFractionDigits: digits, maximumFractionDigits: digits}).format(value) : kNothing;

export function signed(value: Maybe, digits = 2): string {
  if (!known(value)) return kNothing;
  const text = decimal(Math.abs(value), digits);
  return value < 0 ? `−${text}` : `+${text}`;
}

// Currencies come from settings and may be any word; Intl knows only codes of three letters.
export function money(value: Maybe, currency: string): string {
  if (!known(value)) return kNothing;
  const digits = {minimumFractionDigits: 0, maximumFractionDigits: Math.abs(value) < 10 && value % 1 !== 0 ? 2 : 0};
  if (!/^[A-Z]{3}$/.test(currency)) return `${numberFormat(digits).format(value)} ${currency}`.trim();
  return numberFormat({style: 'currency', currency, currencyDisplay: 'code', ...digits}).format(value);
}

export function range(low: Maybe, high: Maybe, write: (value: Maybe) => string): string {
  return known(low) && known(high) ? `${write(low)} to ${write(high)}` : kNothing;
}

export function bytes(value: Maybe): string {
  if (!known(value)) return kNothing;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let step = 0;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    ++step;
  }
  return measure(value, units[step]);
}

export function duration(seconds: Maybe): string {
  if (!known(seconds)) return kNothing;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

export const kDay = 86_400_000;

// Milliseconds of a day ("2014-01-31") or of a time; readings have no time zone, so theirs is UTC. Readings without a
// calendar have numbers, which stay as they are.
export function timeOf(text: string | number): number {
  if (typeof text === 'number') return text;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const written = text.replace(' ', 'T');
  return Date.parse(
    /^\d{4}-\d{2}-\d{2}$/.test(written)
      ? `${written}T00:00:00Z`
      : /Z|[+-]\d\d:?\d\d$/.test(written)
        ? written
        : `${written}Z`,
  );
}

function dateText(time: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, options).format(time);
}

// A day of the readings: "31 Jan 2014".
export function day(text: string | number | null | undefined): string {
  if (text === null || text === undefined || text === '') return kNothing;
  const time = timeOf(text);
  if (!Number.isFinite(time)) return String(text);
  if (typeof text === 'number' || /^-?\d+(\.\d+)?$/.test(text)) return String(text);
  return dateText(time, {day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC'});
}

// A moment of a reading finer than a day: "31 Jan 2014, 14:30".
export const readingTime = (time: number, fine: boolean) =>
  dateText(time, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...(fine ? {hour: '2-digit', minute: '2-digit'} : {}),
    timeZone: 'UTC',
  });

// A moment of the service in the reader's own time zone.
export function moment(text: string | null | undefined): string {
  if (!text) return kNothing;
  return dateText(Date.parse(text), {dateStyle: 'medium', timeStyle: 'short'});
}

export function ago(text: string, now: number = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(text)) / 1000);
  return seconds < 5 ? 'just now' : `${duration(seconds)} ago`;
}

// Today where the reader is, as a date field wants it.
export function today(now: Date = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

// A long id with its middle left out; the whole belongs into the title.
export function shortId(id: string, length = 18): string {
  if (id.length <= length) return id;
  const head = Math.ceil((length - 1) * 0.6);
  return `${id.slice(0, head)}…${id.slice(id.length - (length - 1 - head))}`;
}

// A code of the program as words: "no_access" -> "no access".
export const words = (code: string) => code.replace(/_/g, ' ');
export const sentence = (code: string) => {
  const text = words(code);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export const plural = (value: number, one: string, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;
