// What the audit log and the history call things, in words.
import * as f from '../format';

const kActions: Record<string, string> = {
  'case.view': 'case seen',
  'feedback.add': 'visit recorded',
  'feedback.export': 'visits exported',
  'job.submit': 'file handed in',
  'job.cancel': 'job cancelled',
  'model.add': 'model added',
  'model.activate': 'model activated',
  'model.reject': 'retraining refused',
  'model.retrain': 'retraining ordered',
  'model.rollback': 'model rolled back',
  'plan.export': 'plan exported',
  'plan.print': 'work orders printed',
  'report.order': 'report ordered anew',
  'report.view': 'report seen',
  'run.add': 'list scored',
  'run.export': 'scores exported',
  'session.open': 'signed in',
};

export const actionWords = (action: string) => kActions[action] ?? f.words(action.replace(/\./g, ' '));

const kKinds: Record<string, string> = {
  detect: 'scoring',
  drift: 'drift check',
  report: 'report',
  retrain: 'retraining',
  alert: 'telling people',
};
export const jobKind = (kind: string) => kKinds[kind] ?? f.words(kind);
