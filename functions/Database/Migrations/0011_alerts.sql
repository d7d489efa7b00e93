-- An acceptance outlives its finding: the trouble that comes back within days is the one that was accepted.
ALTER TABLE whatsops.findings
  ADD COLUMN accepted_by text,
  ADD COLUMN accepted_reason text,
  ADD COLUMN accepted_severity smallint;
UPDATE whatsops.findings SET accepted_by = changed_by, accepted_reason = reason, accepted_severity = severity WHERE state = 'accepted';

-- Who was told when stands in the history of the finding.
ALTER TABLE whatsops.finding_changes DROP CONSTRAINT finding_changes_change_check;
ALTER TABLE whatsops.finding_changes ADD CONSTRAINT finding_changes_change_check CHECK (change IN (
  'opened', 'worsened', 'improved', 'acknowledged', 'silenced', 'silence_expired', 'accepted', 'closed', 'told', 'not_told'));

-- Incidents that hold others back are looked up by kind.
CREATE INDEX findings_alive_by_kind ON whatsops.findings (kind) WHERE state <> 'closed';

-- How a route fares since its last delivery, and the messages that went to its fallback.
ALTER TABLE whatsops.alert_routes
  ADD COLUMN failures int NOT NULL DEFAULT 0,
  ADD COLUMN failing_since timestamptz,
  ADD COLUMN given_up int NOT NULL DEFAULT 0,
  ADD COLUMN last_error text,
  ADD COLUMN dead_since timestamptz;
ALTER TABLE whatsops.alert_outbox ADD COLUMN fell_back_at timestamptz;

-- The clock of each place that nobody has acknowledged yet.
CREATE TABLE whatsops.alert_escalations (
  fingerprint text PRIMARY KEY,
  started_at timestamptz NOT NULL,
  severity smallint NOT NULL,
  level int NOT NULL,
  next_look_at timestamptz
);

CREATE INDEX alert_escalations_due ON whatsops.alert_escalations (next_look_at) WHERE next_look_at IS NOT NULL;

-- Links that acknowledge; only the hash of a token is kept.
CREATE TABLE whatsops.alert_links (
  token_hash bytea PRIMARY KEY,
  finding_id bigint NOT NULL REFERENCES whatsops.findings (id) ON DELETE CASCADE,
  route text NOT NULL,
  language text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

CREATE INDEX alert_links_expired ON whatsops.alert_links (expires_at);
CREATE INDEX alert_links_by_finding ON whatsops.alert_links (finding_id);
