// What a model's card and a retraining say, in words; no drawing here.
import * as f from '../format';
import type {
  Alert,
  Comparison,
  Estimate,
  Figure,
  Gate,
  Job,
  ModelEntry,
  Models,
  Retraining,
  RetrainingResult,
} from '../types';

// The outcome of a retraining, or null where the job is of another kind or has none.
export function retrainingOf({kind, state, result}: Job): RetrainingResult | null {
  return kind === 'retrain' && state === 'done' && result?.verdict ? (result as RetrainingResult) : null;
}

export interface VerdictWords {
  tag: string;
  tone: 'good' | 'open' | 'bad';
  text: string;
}

// What came of it. Without a comparison the data were refused before anything was learnt from them.
export function verdictWords({verdict, comparison}: Pick<Retraining, 'verdict' | 'comparison'>): VerdictWords {
  if (verdict === 'promote')
    return {
      tag: 'promoted',
      tone: 'good',
      text: 'The new model is not worse than the one before: it took over at once.',
    };
  if (verdict === 'ask')
    return {
      tag: 'left to a person',
      tone: 'open',
      text: 'The new model was kept beside the one in use; a person decides.',
    };
  return comparison
    ? {tag: 'refused', tone: 'bad', text: 'The new model is worse than the one before, which stays in use.'}
    : {tag: 'data refused', tone: 'bad', text: 'The data are not to be trusted, so nothing was learnt from them.'};
}

const kCauses: Record<string, string> = {
  hand: 'ordered by hand',
  drift: 'begun because of drift',
  schedule: 'begun by the clock',
  feedback: 'begun after enough visits',
};
export const causeWords = (cause: string) => kCauses[cause] ?? `begun by ${f.words(cause)}`;

const kGates: Record<string, string> = {
  labels: 'Enough labels to learn from',
  label_rate: 'A share of thefts like that which the model before learnt from',
  readings: 'Readings that change, each consumer with its own',
  untouched_rows: 'Enough consumers that neither model has seen',
  missing_readings: 'No more readings missing than before',
  champion: 'The model before still tells thefts apart',
  leaks: 'Nothing gives the labels away',
};
export const gateWords = (name: string) => kGates[name] ?? f.sentence(name);
export const refusedBy = (gates: Gate[]) => gates.filter(({passed}) => !passed);

interface FigureWords {
  key: Figure;
  name: string;
  better: 'more' | 'less';
  write: (value: number | null | undefined) => string;
  judged: boolean; // by the margin: the verdict rests on it
  change: (value: number | null | undefined) => string; // of a difference
  end: (value: number | null | undefined) => string; // of a difference's interval
}

const decimals = (digits: number) => (value: number | null | undefined) => f.decimal(value, digits);
const steps = (digits: number) => (value: number | null | undefined) => f.signed(value, digits);
const hundredths = (value: number | null | undefined) => f.signed(typeof value === 'number' ? value * 100 : value, 1);
const points = (value: number | null | undefined) => `${hundredths(value)} points`;

export const kFigures: FigureWords[] = [
  {key: 'roc_auc', name: 'ROC-AUC', better: 'more', judged: true, write: decimals(3), change: steps(3), end: steps(3)},
  {key: 'pr_auc', name: 'PR-AUC', better: 'more', judged: true, write: decimals(3), change: steps(3), end: steps(3)},
  {
    key: 'precision_at_1%',
    name: 'Theft found in the top 1 %',
    better: 'more',
    judged: false,
    write: f.percent,
    change: points,
    end: hundredths,
  },
  {
    key: 'brier',
    name: 'Brier score (less is better)',
    better: 'less',
    judged: false,
    write: decimals(4),
    change: steps(4),
    end: steps(4),
  },
  {
    key: 'ece',
    name: 'Calibration error (less is better)',
    better: 'less',
    judged: false,
    write: f.percent,
    change: points,
    end: hundredths,
  },
];

// Whether a difference is surely for the better or the worse: its whole interval on one side of nothing.
export function leaning({low, high}: Estimate, better: 'more' | 'less'): 'better' | 'worse' | 'open' {
  const [least, most] = better === 'more' ? [low, high] : [-high, -low];
  return least > 0 ? 'better' : most < 0 ? 'worse' : 'open';
}

// How far from nothing the differences that are judged and the margin reach: one scale for all, so that small ones look
// small. What goes further, as precision among very few does, is cut.
export function differenceReach({difference, margin}: Comparison): number {
  const ends = kFigures.filter(({judged}) => judged).flatMap(({key}) => [difference[key].low, difference[key].high]);
  return Math.max(0.01, margin, ...ends.map((end) => Math.abs(end ?? 0))) * 1.05;
}

// Whether nobody has said yet what is to follow from the last retraining.
export const undecided = (alerts: Alert[] | undefined) =>
  alerts?.some(({alert, state}) => alert === 'retraining' && state === 'firing') ?? false;

// A challenger that was left to a person, while the model that it was held against is still in use.
export function leftOpen(model: ModelEntry, {active}: Pick<Models, 'active'>): boolean {
  const from = model.manifest?.retraining;
  return !model.active && from?.verdict === 'ask' && from.champion === active;
}
