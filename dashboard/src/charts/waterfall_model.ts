// The arithmetic of a SHAP waterfall: what each step adds to the log-odds, from the base to the margin.
import type {Explanation} from '../types';

export interface Step {
  kind: 'base' | 'feature' | 'rest' | 'margin';
  title: string;
  shown: string; // the feature's value, as the report writes it
  feature: string | null;
  change: number; // log-odds; of base and margin the level itself
  from: number;
  to: number;
}

// Steps in the order of their weight; they end at the margin, whose distance from the sum is at most rounding.
export function waterfall(explanation: Explanation): Step[] {
  const {base_log_odds: base, margin, rest_log_odds: rest, contributions} = explanation;
  const steps: Step[] = [
    {kind: 'base', title: 'Where every consumer starts', shown: '', feature: null, change: base, from: 0, to: base},
  ];
  let level = base;
  for (const {title, shown, feature, log_odds} of contributions) {
    steps.push({kind: 'feature', title, shown, feature, change: log_odds, from: level, to: (level += log_odds)});
  }
  steps.push({
    kind: 'rest',
    title: 'All other features together',
    shown: '',
    feature: null,
    change: rest,
    from: level,
    to: level + rest,
  });
  steps.push({kind: 'margin', title: 'This consumer', shown: '', feature: null, change: margin, from: 0, to: margin});
  return steps;
}

// How far the steps miss the margin.
export function mismatch(explanation: Explanation): number {
  const sum = explanation.contributions.reduce(
    (total, {log_odds}) => total + log_odds,
    explanation.base_log_odds + explanation.rest_log_odds,
  );
  return Math.abs(sum - explanation.margin);
}

// The range that all levels lie in, with room at both ends; base and margin are marks on it, not bars from zero.
export function waterfallRange(steps: Step[]): [number, number] {
  const levels = steps.flatMap(({kind, from, to}) => (kind === 'base' || kind === 'margin' ? [to] : [from, to]));
  const low = Math.min(...levels);
  const high = Math.max(...levels);
  const room = (high - low || 1) * 0.04;
  return [low - room, high + room];
}

export const oddsFactor = (logOdds: number) => Math.exp(logOdds);
