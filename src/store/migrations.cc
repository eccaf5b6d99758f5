// The migrations themselves. Times are milliseconds since 1970 UTC; lists and documents are JSON in text or compressed.
#include "store/schema.h"

namespace meterhound::store {
namespace {

constexpr std::string_view kFirst = R"sql(
CREATE TABLE api_keys (
  id TEXT {BINARY} PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT {BINARY} NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created BIGINT NOT NULL,
  revoked BIGINT,
  last_used BIGINT
);
CREATE TABLE sessions (
  hash TEXT {BINARY} PRIMARY KEY,
  api_key TEXT {BINARY} NOT NULL REFERENCES api_keys (id),
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL
);

CREATE TABLE inputs (
  id TEXT {BINARY} PRIMARY KEY,
  sha256 TEXT {BINARY} NOT NULL,
  bytes BIGINT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  begun BIGINT NOT NULL,
  complete BIGINT NOT NULL
);
CREATE INDEX inputs_by_sha256 ON inputs (sha256);
CREATE TABLE input_parts (
  input TEXT {BINARY} NOT NULL REFERENCES inputs (id),
  part BIGINT NOT NULL,
  data {BLOB} NOT NULL,
  PRIMARY KEY (input, part)
);

CREATE TABLE jobs (
  id TEXT {BINARY} PRIMARY KEY,
  kind TEXT NOT NULL,
  queue TEXT NOT NULL,
  priority BIGINT NOT NULL,
  title TEXT NOT NULL,
  owner TEXT NOT NULL,
  request TEXT NOT NULL,
  input TEXT {BINARY} REFERENCES inputs (id),
  state TEXT NOT NULL,
  stage TEXT NOT NULL,
  progress_done BIGINT NOT NULL,
  progress_total BIGINT NOT NULL,
  unit TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  max_attempts BIGINT NOT NULL,
  created BIGINT NOT NULL,
  started BIGINT,
  finished BIGINT,
  expires BIGINT,
  not_before BIGINT NOT NULL,
  error_code TEXT,
  error_message TEXT,
  error_where TEXT,
  result TEXT NOT NULL,
  worker TEXT NOT NULL,
  lease_until BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX jobs_by_state ON jobs (state, queue, not_before);
CREATE INDEX jobs_by_expiry ON jobs (expires);
CREATE INDEX jobs_by_input ON jobs (input);

CREATE TABLE queue_entries (
  id {SERIAL},
  queue TEXT NOT NULL,
  job TEXT {BINARY} NOT NULL,
  priority BIGINT NOT NULL,
  pushed BIGINT NOT NULL,
  available BIGINT NOT NULL,
  token TEXT {BINARY} NOT NULL,
  UNIQUE (queue, job)
);
CREATE INDEX queue_entries_in_order ON queue_entries (queue, priority, id, available);

CREATE TABLE workers (
  id TEXT {BINARY} PRIMARY KEY,
  queues TEXT NOT NULL,
  running BIGINT NOT NULL,
  last_seen BIGINT NOT NULL
);

CREATE TABLE idempotency (
  scope TEXT {BINARY} NOT NULL,
  idempotency_key TEXT {BINARY} NOT NULL,
  request_hash TEXT NOT NULL,
  answer TEXT NOT NULL,
  expires BIGINT NOT NULL,
  PRIMARY KEY (scope, idempotency_key)
);

CREATE TABLE runs (
  id TEXT {BINARY} PRIMARY KEY,
  title TEXT NOT NULL,
  created BIGINT NOT NULL,
  model TEXT NOT NULL,
  consumers BIGINT NOT NULL,
  high BIGINT NOT NULL,
  medium BIGINT NOT NULL,
  detailed BIGINT NOT NULL,
  simulated BIGINT NOT NULL,
  trained_on BIGINT NOT NULL,
  currency TEXT NOT NULL,
  tariff DOUBLE PRECISION NOT NULL,
  districts TEXT NOT NULL,
  job TEXT NOT NULL
);
CREATE INDEX runs_by_time ON runs (created, id);
CREATE TABLE run_details (
  run TEXT {BINARY} NOT NULL,
  name TEXT NOT NULL,
  data {BLOB} NOT NULL,
  PRIMARY KEY (run, name)
);

CREATE TABLE cases (
  run TEXT {BINARY} NOT NULL,
  rank BIGINT NOT NULL,
  consumer_id TEXT {BINARY} NOT NULL,
  search TEXT {BINARY} NOT NULL,
  probability DOUBLE PRECISION NOT NULL,
  probability_low DOUBLE PRECISION NOT NULL,
  probability_high DOUBLE PRECISION NOT NULL,
  tier TEXT NOT NULL,
  anomaly_score DOUBLE PRECISION,
  listed_for TEXT NOT NULL,
  missing_kwh DOUBLE PRECISION,
  missing_low DOUBLE PRECISION,
  missing_high DOUBLE PRECISION,
  missing_money DOUBLE PRECISION,
  change_date TEXT,
  district TEXT,
  attributes TEXT NOT NULL,
  status TEXT NOT NULL,
  detailed BIGINT NOT NULL,
  by_probability DOUBLE PRECISION NOT NULL,
  by_missing DOUBLE PRECISION NOT NULL,
  by_anomaly DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (run, rank)
);
CREATE INDEX cases_by_probability ON cases (run, by_probability, rank);
CREATE INDEX cases_by_missing ON cases (run, by_missing, rank);
CREATE INDEX cases_by_anomaly ON cases (run, by_anomaly, rank);
CREATE INDEX cases_by_consumer ON cases (run, consumer_id, rank);
CREATE INDEX cases_to_filter ON cases (run, tier, status, district, search);
CREATE TABLE case_details (
  run TEXT {BINARY} NOT NULL,
  rank BIGINT NOT NULL,
  document {BLOB} NOT NULL,
  series {BLOB} NOT NULL,
  PRIMARY KEY (run, rank)
);

CREATE TABLE feedback (
  id TEXT {BINARY} PRIMARY KEY,
  run TEXT {BINARY} NOT NULL,
  rank BIGINT NOT NULL,
  consumer_id TEXT {BINARY} NOT NULL,
  outcome TEXT NOT NULL,
  visited_on TEXT NOT NULL,
  recovered_kwh DOUBLE PRECISION,
  note TEXT NOT NULL,
  selection_probability DOUBLE PRECISION,
  at BIGINT NOT NULL,
  who TEXT NOT NULL
);
CREATE INDEX feedback_by_case ON feedback (run, rank, id);

CREATE TABLE models (
  fingerprint TEXT {BINARY} PRIMARY KEY,
  name TEXT NOT NULL,
  added BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  consumers BIGINT NOT NULL,
  features BIGINT NOT NULL,
  manifest TEXT NOT NULL,
  evaluation TEXT NOT NULL
);
CREATE TABLE model_parts (
  fingerprint TEXT {BINARY} NOT NULL REFERENCES models (fingerprint),
  part BIGINT NOT NULL,
  data {BLOB} NOT NULL,
  PRIMARY KEY (fingerprint, part)
);
CREATE TABLE model_activations (
  seq {SERIAL},
  fingerprint TEXT {BINARY} NOT NULL REFERENCES models (fingerprint),
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  undone BIGINT NOT NULL
);

CREATE TABLE drift_reports (
  id TEXT {BINARY} PRIMARY KEY,
  at BIGINT NOT NULL,
  model TEXT NOT NULL,
  report {BLOB} NOT NULL
);

CREATE TABLE audit (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT {BINARY} NOT NULL,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_by_target ON audit (target, seq);
CREATE TABLE audit_head (
  id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');
)sql";

constexpr std::string_view kFirstSqlite = R"sql(
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_keeps_all BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
)sql";

constexpr std::string_view kFirstPostgres = R"sql(
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN RAISE EXCEPTION ''audit is append-only''; END';
CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
)sql";

constexpr std::string_view kJobsByEnd = "CREATE INDEX jobs_by_end ON jobs (finished);";

constexpr std::string_view kScoredRows = R"sql(
CREATE TABLE scored_rows (
  model TEXT {BINARY} NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  data {BLOB} NOT NULL,
  PRIMARY KEY (model, number)
);
)sql";

constexpr std::string_view kAlerts = R"sql(
CREATE TABLE alerts (
  alert_key TEXT {BINARY} PRIMARY KEY,
  severity TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  detail TEXT NOT NULL,
  link TEXT NOT NULL,
  firing BIGINT NOT NULL,
  since BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  resolved BIGINT,
  last_told BIGINT,
  told_severity TEXT,
  times BIGINT NOT NULL
);
)sql";

}  // namespace

const std::vector<Migration>& Migrations() {
  static const std::vector<Migration> migrations = {
      {1, "jobs, cases, models, audit", kFirst, kFirstSqlite, kFirstPostgres},
      {2, "jobs by their end", kJobsByEnd, "", ""},
      {3, "rows of what was scored", kScoredRows, "", ""},
      {4, "alerts", kAlerts, "", ""},
  };
  return migrations;
}

}  // namespace meterhound::store
