-- What each route was told about each place; the memory behind deduplication, cooldown, reminders and recovery.
CREATE TABLE whatsops.alert_notes (
  route text NOT NULL,
  fingerprint text NOT NULL,
  system text NOT NULL,
  told_at timestamptz,
  told_severity smallint,
  recovered_at timestamptz,
  next_look_at timestamptz,
  PRIMARY KEY (route, fingerprint)
);

CREATE INDEX alert_notes_due ON whatsops.alert_notes (next_look_at) WHERE next_look_at IS NOT NULL;

CREATE TABLE whatsops.alert_outbox (
  id uuid PRIMARY KEY,
  position bigint GENERATED ALWAYS AS IDENTITY,
  route text NOT NULL,
  system text NOT NULL,
  message jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  sent_at timestamptz,
  dead_at timestamptz,
  last_error text
);

CREATE INDEX alert_outbox_waiting ON whatsops.alert_outbox (route, position) WHERE sent_at IS NULL AND dead_at IS NULL;

-- One sender per route at a time, and not before its next turn.
CREATE TABLE whatsops.alert_routes (
  route text PRIMARY KEY,
  owner uuid,
  leased_until timestamptz NOT NULL,
  next_send_at timestamptz NOT NULL
);
