CREATE TABLE whatsops.findings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fingerprint text NOT NULL,
  kind text NOT NULL,
  check_name text NOT NULL,
  system text NOT NULL,
  gateway text,
  tenant text,
  instance text,
  severity smallint NOT NULL CHECK (severity BETWEEN 0 AND 4),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'silenced', 'accepted', 'closed')),
  cause text NOT NULL,
  evidence jsonb NOT NULL,
  remedy text,
  opened_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  good_observations int NOT NULL DEFAULT 0,
  last_good_at timestamptz,
  closed_at timestamptz,
  silenced_until timestamptz,
  acknowledged_severity smallint,
  changed_by text,
  reason text,
  previous_id bigint REFERENCES whatsops.findings (id) ON DELETE SET NULL,
  CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CHECK ((state = 'silenced') = (silenced_until IS NOT NULL))
);

-- The rule of the table: one finding per fingerprint is alive.
CREATE UNIQUE INDEX findings_alive ON whatsops.findings (fingerprint) WHERE state <> 'closed';
CREATE INDEX findings_alive_by_check ON whatsops.findings (system, check_name) WHERE state <> 'closed';
CREATE INDEX findings_alive_by_tenant ON whatsops.findings (system, tenant) WHERE state <> 'closed';
CREATE INDEX findings_silenced ON whatsops.findings (system, silenced_until) WHERE state = 'silenced';
CREATE INDEX findings_by_fingerprint ON whatsops.findings (fingerprint, id DESC);
CREATE INDEX findings_previous ON whatsops.findings (previous_id) WHERE previous_id IS NOT NULL;

-- The history of every finding, and at once the feed that alerts are made from: a row is written in the transaction of its change.
CREATE TABLE whatsops.finding_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  finding_id bigint NOT NULL REFERENCES whatsops.findings (id) ON DELETE CASCADE,
  system text NOT NULL,
  at timestamptz NOT NULL,
  change text NOT NULL CHECK (change IN ('opened', 'worsened', 'improved', 'acknowledged', 'silenced', 'silence_expired', 'accepted', 'closed')),
  severity_before smallint,
  severity smallint NOT NULL,
  changed_by text,
  reason text,
  consumed_at timestamptz
);

CREATE INDEX finding_changes_by_finding ON whatsops.finding_changes (finding_id, id);
CREATE INDEX finding_changes_waiting ON whatsops.finding_changes (id) WHERE consumed_at IS NULL;
