-- The catalogue of backup sets. The manifests in storage are the truth: this can be rebuilt from them.
CREATE TABLE whatsops.backup_sets (
  id uuid PRIMARY KEY,
  system text COLLATE "C" NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'complete', 'failed', 'deleted')),
  requested_at timestamptz NOT NULL,
  requested_by text,
  ended_at timestamptz,
  bytes bigint,
  progress jsonb,
  problem text,
  manifest jsonb,
  tested_at timestamptz,
  restore_seconds double precision,
  test_problem text,
  held_by text,
  CHECK ((state = 'running') = (ended_at IS NULL)),
  CHECK (state <> 'complete' OR manifest IS NOT NULL)
);
CREATE INDEX backup_sets_system ON whatsops.backup_sets (system, requested_at DESC);
-- Two sets of one system at once would only slow each other down.
CREATE UNIQUE INDEX backup_sets_running ON whatsops.backup_sets (system) WHERE state = 'running';

-- Parts of a running set that are stored: what a process that comes after a killed one need not do again.
CREATE TABLE whatsops.backup_parts (
  set_id uuid NOT NULL REFERENCES whatsops.backup_sets (id) ON DELETE CASCADE,
  name text NOT NULL,
  part jsonb NOT NULL,
  PRIMARY KEY (set_id, name)
);
