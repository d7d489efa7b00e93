-- A run is one execution of a runbook. These rows are the truth for approval, progress and audit; the orchestration only moves them on.
CREATE TABLE whatsops.runs (
  id             uuid PRIMARY KEY,
  system         text NOT NULL,
  tenant         text NOT NULL,
  instance       text NOT NULL,
  gateway        text NOT NULL,
  runbook        text NOT NULL,
  version        integer NOT NULL,
  plan           jsonb NOT NULL,
  plan_hash      text NOT NULL,
  destructive    boolean NOT NULL,
  reason         text NOT NULL,
  requested_by   text NOT NULL,
  finding_id     bigint,
  fingerprint    text,
  state          text NOT NULL,
  detail         text,
  current_step   text,
  created_at     timestamptz NOT NULL,
  approval_due   timestamptz,
  approved_by    text,
  approved_at    timestamptz,
  cancel_by      text,
  cancel_at      timestamptz,
  committed_at   timestamptz,
  started_at     timestamptz,
  progressed_at  timestamptz NOT NULL,
  signalled_at   timestamptz,
  ended_at       timestamptz,
  failed_step    text,
  failure        text,
  result         text,
  fence          bigint,
  evidence       text
);
-- Two runs for one instance would undo each other.
CREATE UNIQUE INDEX runs_one_open_per_instance ON whatsops.runs (system, instance) WHERE ended_at IS NULL;
CREATE INDEX runs_by_tenant ON whatsops.runs (system, tenant, created_at DESC);
CREATE INDEX runs_by_fingerprint ON whatsops.runs (fingerprint, created_at DESC) WHERE fingerprint IS NOT NULL;

CREATE TABLE whatsops.run_steps (
  run_id       uuid NOT NULL REFERENCES whatsops.runs ON DELETE CASCADE,
  step         text NOT NULL,
  phase        text NOT NULL,
  status       text NOT NULL,
  attempts     integer NOT NULL,
  failures     integer NOT NULL DEFAULT 0,
  first_at     timestamptz NOT NULL,
  began_at     timestamptz NOT NULL,
  ended_at     timestamptz,
  due_at       timestamptz,
  detail       text,
  facts        jsonb NOT NULL DEFAULT '{}',
  result       text[] NOT NULL DEFAULT '{}',
  answer       text,
  answered_by  text,
  answered_at  timestamptz,
  PRIMARY KEY (run_id, step, phase)
);

-- Append-only: every attempt and what came of it.
CREATE TABLE whatsops.run_attempts (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id   uuid NOT NULL REFERENCES whatsops.runs ON DELETE CASCADE,
  step     text NOT NULL,
  phase    text NOT NULL,
  attempt  integer NOT NULL,
  began_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  outcome  text NOT NULL,
  detail   text NOT NULL
);
CREATE INDEX run_attempts_by_run ON whatsops.run_attempts (run_id, id);

-- What a compensation needs to put things back; encrypted, because it holds the product's own secrets.
CREATE TABLE whatsops.run_artifacts (
  run_id     uuid NOT NULL REFERENCES whatsops.runs ON DELETE CASCADE,
  system     text NOT NULL,
  tenant     text NOT NULL,
  name       text NOT NULL,
  protected  bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (run_id, name)
);

CREATE SEQUENCE whatsops.run_fences;
CREATE TABLE whatsops.run_locks (
  system   text NOT NULL,
  instance text NOT NULL,
  run_id   uuid NOT NULL,
  fence    bigint NOT NULL DEFAULT nextval('whatsops.run_fences'),
  taken_at timestamptz NOT NULL,
  PRIMARY KEY (system, instance)
);

-- One row per run that policy auto started: the budget counts those of the last hour.
CREATE TABLE whatsops.run_budgets (
  system   text NOT NULL,
  run_id   uuid NOT NULL,
  used_at  timestamptz NOT NULL,
  PRIMARY KEY (system, run_id)
);
CREATE INDEX run_budgets_by_time ON whatsops.run_budgets (system, used_at);
