-- Where the clock of every routine of every system stands, and who is carrying it out.
CREATE TABLE whatsops.routine_states (
  system       text        NOT NULL,
  routine      text        NOT NULL,
  last_due     timestamptz NOT NULL,
  attempts     int         NOT NULL DEFAULT 0,
  retry_at     timestamptz,
  owner        uuid,
  leased_until timestamptz,
  PRIMARY KEY (system, routine)
);

-- What every run said; kept 90 days.
CREATE TABLE whatsops.routine_runs (
  id           uuid PRIMARY KEY,
  system       text        NOT NULL,
  routine      text        NOT NULL,
  due_at       timestamptz NOT NULL,
  requested_by text,
  started_at   timestamptz NOT NULL,
  ended_at     timestamptz NOT NULL,
  outcome      text        NOT NULL CHECK (outcome IN ('done', 'incomplete', 'failed')),
  summary      text        NOT NULL,
  report       jsonb
);
CREATE INDEX routine_runs_by_place ON whatsops.routine_runs (system, routine, started_at DESC);
CREATE INDEX routine_runs_by_time ON whatsops.routine_runs (started_at DESC);
