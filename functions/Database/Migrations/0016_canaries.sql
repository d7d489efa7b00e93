-- Messages of instances to themselves, by which a suspected zombie is tested. A row is claimed before its message is sent, so a process that dies
-- between leaves a canary without an answer, never a second message.
CREATE TABLE whatsops.canaries (
  id           uuid PRIMARY KEY,
  system       text NOT NULL,
  tenant       text NOT NULL,
  gateway      text NOT NULL,
  instance     text NOT NULL,
  claimed_at   timestamptz NOT NULL,
  -- Whether the instance's webhook tells of what it sends, to us: only then does silence prove anything.
  expects_echo boolean NOT NULL DEFAULT false,
  answered_at  timestamptz,
  answer       text CHECK (answer IN ('accepted', 'refused', 'unanswered', 'not_sent')),
  message_id   text,
  judged_at    timestamptz,
  verdict      text CHECK (verdict IN ('alive', 'zombie', 'inconclusive')),
  -- One sentence without phone numbers: why this verdict.
  detail       text
);
-- One canary of an instance is under way at a time.
CREATE UNIQUE INDEX canaries_open ON whatsops.canaries (system, instance) WHERE judged_at IS NULL;
CREATE INDEX canaries_latest ON whatsops.canaries (system, instance, claimed_at DESC);
CREATE INDEX canaries_budget ON whatsops.canaries (system, claimed_at);

-- After every sweep: the storms of the last minutes.
CREATE INDEX storm_counts_by_minute ON whatsops.storm_counts (system, minute);
