// What the service answers, as the page needs it: one type for each shape of the API.

export type Tier = 'high' | 'medium' | 'low';
export type Outcome = 'found' | 'not_found' | 'no_access';
export type CaseStatus = 'open' | Outcome;
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'dead';

export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export interface Session {
  name: string;
  scopes: string[];
  keys_required: boolean;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface District {
  name: string;
  consumers: number;
  high: number;
  expected_kwh: number;
}

export interface Run {
  id: string;
  title: string;
  created: string;
  model: string;
  consumers: number;
  high: number;
  medium: number;
  detailed: number;
  simulated: boolean;
  trained_on: number;
  currency: string;
  tariff: number;
  districts: District[];
}

export interface CaseSummary {
  id: string;
  run: string;
  consumer_id: string;
  rank: number;
  probability: number;
  probability_low: number;
  probability_high: number;
  tier: Tier;
  anomaly_score: number | null;
  listed_for: 'probability' | 'sign';
  missing_kwh: Estimate | null;
  missing_money: number | null;
  change_date: string | null;
  district: string | null;
  attributes: Record<string, string | number>;
  status: CaseStatus;
  detailed: boolean;
}

export interface CasePage extends Page<CaseSummary> {
  run: string;
  total: number;
}

export interface Series {
  kind: string;
  unit: string;
  cadence: string;
  times: string[];
  values: (number | null)[];
}

export interface Peers {
  what: string;
  consumers: number;
  times: string[];
  low: (number | null)[];
  median: (number | null)[];
  high: (number | null)[];
}

export interface Feedback {
  id: string;
  case: string;
  consumer_id: string;
  outcome: Outcome;
  visited_on: string;
  recovered_kwh: number | null;
  note: string | null;
  at: string;
  who: string;
}

export interface HistoryEntry {
  at: string;
  who: string;
  what: string;
  detail: unknown;
}

export interface CaseDetail extends CaseSummary {
  case: CaseDocument | null;
  series: Series | null;
  peers: Peers | null;
  feedback: Feedback[];
  history: HistoryEntry[];
  report_job: Job | null;
}

// docs/case.schema.json
export interface CaseDocument {
  consumer_id: string;
  rank: number;
  of: number;
  probability: number;
  tier: Tier;
  sign: {what: string; one_in: number} | null;
  simulated: boolean;
  trained_on: number;
  model: string;
  cadence: string;
  unit: string;
  currency: string;
  evidence: Evidence;
  explanation: Explanation;
  facts: Fact[];
  report: Report;
}

export interface Change {
  date: string;
  earliest: string;
  latest: string;
  before_per_day: number;
  after_per_day: number;
  strength: number | null;
  recovered: string | null;
}

export interface Finding {
  code: string;
  speaks: 'for' | 'against';
  weight: number;
  begin: string;
  end: string;
  numbers: Record<string, number>;
}

export interface Evidence {
  change: Change | null;
  missing_kwh: Estimate | null;
  missing_money: Estimate | null;
  zero_streaks: Streak[];
  gaps: Streak[];
  observed_share: number;
  mean_per_day: number | null;
  findings: Finding[];
}

export interface Streak {
  begin: string;
  end: string;
  readings: number;
}

export interface Contribution {
  feature: string;
  title: string;
  group: string;
  value: number | null;
  shown: string;
  log_odds: number;
}

export interface Explanation {
  base_log_odds: number;
  margin: number;
  rest_log_odds: number;
  contributions: Contribution[];
}

export interface Quantity {
  value: number | null;
  unit: string;
}

export interface Fact {
  code: string;
  form: string;
  source: string;
  speaks: 'for' | 'against' | 'neither';
  quantities: Record<string, Quantity>;
  dates: Record<string, string | number>;
  feature?: string;
  category?: string;
}

export interface Report {
  language: string;
  written_by: string;
  mode: 'template' | 'plan' | 'prose';
  fallback: string | null;
  replaced: number;
  refused: {text: string; reason: string}[];
  action: 'visit' | 'records_first' | 'no_visit';
  urgency: 'soon' | 'planned' | 'none';
  confidence: 'high' | 'medium' | 'low';
  summary: string;
  for: string[];
  against: string[];
  checks: string[];
  sentences: {part: 'summary' | 'for' | 'against' | 'check'; fact: string | null; text: string}[];
  note: string;
}

export interface Job {
  id: string;
  kind: string;
  queue: string;
  title: string;
  state: JobState;
  progress: {stage: string; done: number; total: number; unit: string};
  attempts: number;
  created: string;
  started: string | null;
  finished: string | null;
  error: {code: string; message: string; where: string} | null;
  result: ({run?: string; case?: string} & Partial<RetrainingResult>) | null;
  links: {self: string; events: string; result?: string};
  expires: string | null;
}

export interface QualityFinding {
  name: string;
  value: string;
  severity: 'info' | 'warning' | 'error';
  meaning: string;
}

export interface Visit {
  rank: number;
  consumer_id: string;
  case: string;
  reason: 'ranked' | 'random';
  selection_probability: number;
  probability: Estimate;
  expected_kwh: Estimate;
  energy_from: string;
  expected_net: Estimate;
  cost: number;
  district: string;
}

export interface Plan {
  title: string;
  simulated: boolean;
  trained_on: number;
  terms: {
    visits: number | null;
    budget: number | null;
    visit_cost: number;
    tariff: number;
    currency: string;
    random_share: number;
    seed: number;
  };
  consumers: number;
  visited_before: number;
  drawn: number;
  drawn_from: number;
  cost: number;
  expected: {hits: Estimate; kwh: Estimate; money: Estimate; net: Estimate};
  typical_kwh: Estimate | null;
  measured_precision: Record<string, Estimate> | null;
  visits: Visit[];
  note: string;
}

export interface Bin {
  predicted: number;
  observed: number;
  low: number;
  high: number;
  consumers: number;
}

export interface View {
  name: string;
  features: number;
  roc_auc: Estimate;
  pr_auc: Estimate;
  precision_at: Record<string, Estimate>;
  reliability: Bin[];
}

export interface FairnessTable {
  attribute: string;
  categories: {
    category: string;
    consumers: number;
    thefts: number;
    at_share: {share: number; visits: Estimate; found: Estimate; hits: Estimate}[];
  }[];
}

export interface Evaluation {
  headline: string;
  roc_auc: Estimate;
  pr_auc: Estimate;
  precision_at: Record<string, Estimate>;
  recall_at: Record<string, Estimate>;
  lift_at: Record<string, Estimate>;
  brier: Estimate;
  ece: Estimate;
  calibration_slope: Estimate;
  base_rate: number;
  consumers: number;
  thefts: number;
  folds: number;
  labels_from: string;
  leak_check: {passed: boolean; checks: {name: string; promise: string; findings: number}[]} | null;
  views: View[];
  fairness?: FairnessTable[];
}

export type Verdict = 'promote' | 'ask' | 'reject';

export interface Gate {
  name: string;
  passed: boolean;
  finding: string;
}

export type Figure = 'roc_auc' | 'pr_auc' | 'precision_at_1%' | 'brier' | 'ece';

// Two models on the same consumers, whom neither was trained on; differences are challenger less champion, paired.
export interface Comparison {
  consumers: number;
  thefts: number;
  margin: number;
  champion: Record<Figure, Estimate>;
  challenger: Record<Figure, Estimate>;
  difference: Record<Figure, Estimate>;
}

export interface Retraining {
  champion: string;
  verdict: Verdict;
  reasons: string[];
  gates: Gate[];
  notes: string[];
  comparison: Comparison | null;
}

// What a job of kind "retrain" ends with.
export interface RetrainingResult extends Retraining {
  challenger: string | null;
  cause: string;
  remarks: string;
  kept: boolean;
}

export interface TrainingData {
  consumers: number;
  thefts: number;
  honest: number;
  first_day: string | null;
  last_day: string | null;
}

export interface Card {
  fingerprint: string;
  version: string | null;
  training_data: TrainingData | null;
  fit: {unlabelled?: number; columns_used?: number} | null;
  retraining: Retraining | null;
  evaluation: Evaluation | null;
}

export interface ModelEntry {
  fingerprint: string;
  name: string;
  added: string;
  active: boolean;
  consumers: number;
  features: number;
  evaluation: Evaluation | null;
  manifest: {training_data?: TrainingData; retraining?: Retraining} & Record<string, unknown>;
}

export interface Models {
  active: string | null;
  before: string | null;
  items: ModelEntry[];
}

export interface Alert {
  alert: string;
  state: 'firing' | 'resolved';
  severity: 'info' | 'warning' | 'critical';
  title: string;
  text: string;
  link: string;
  since: string;
  updated: string;
  resolved: string | null;
  last_told: string | null;
  times: number;
}

export interface AuditEntry {
  seq: number;
  at: string;
  who: string;
  action: string;
  target: string;
  detail: unknown;
  hash: string;
}

export interface Audit extends Page<AuditEntry> {
  intact: boolean;
}

export interface System {
  version: string;
  started: string;
  uptime_seconds: number;
  store: {backend: string; reachable: boolean; bytes: number | null};
  queues: {
    name: string;
    backend: string;
    waiting: number;
    running: number;
    dead: number;
    oldest_seconds: number | null;
  }[];
  workers: {id: string; queues: string[]; last_seen: string}[];
  model: string | null;
  requests: {total: number; errors: number; p50_ms: number | null; p99_ms: number | null};
}

// `meterhound drift --json`
export interface DriftRate {
  drifted: boolean;
  reference: number | null;
  current: number | null;
  n_reference: number;
  n_current: number;
  p: number | null;
}

export interface DriftLevel {
  drifted: boolean;
  change: number | null;
  p: number | null;
  paired: boolean;
}

export interface DriftScore {
  drifted: boolean;
  psi: number | null;
  psi_bar: number | null;
  ks: number | null;
  p: number | null;
  shift: number | null;
}

export interface DriftFeature extends DriftScore {
  name: string;
  group: string;
  p_adjusted: number | null;
  missing: {
    drifted: boolean;
    reference: number | null;
    current: number | null;
    p: number | null;
    p_adjusted: number | null;
  };
}

export interface DriftWindow {
  consumers: number;
  first: string | null;
  last: string | null;
  readings: number | null;
}

export interface DriftGroup {
  group: string;
  features: number;
  drifted: number;
  psi_median: number | null;
  psi_max: number | null;
}

export interface Drift {
  verdict: 'drift' | 'stable';
  kinds: string[];
  reasons: string[];
  notes: string[];
  reference: DriftWindow;
  current: DriftWindow;
  same_season: boolean;
  psi_threshold: number;
  false_alarms: number;
  score: DriftScore | null;
  label_rate: DriftRate | null;
  missing_readings: DriftRate | null;
  level: DriftLevel | null;
  segmented_by: string | null;
  segments: {
    name: string;
    consumers: number;
    level: DriftLevel;
    missing: {drifted: boolean; change: number | null; p: number | null};
  }[];
  groups: DriftGroup[];
  features: DriftFeature[];
}

export interface DriftCheck {
  at: string;
  model: string;
  report: Drift;
}
