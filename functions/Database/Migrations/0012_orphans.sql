-- Instances that carry a system's prefix and belong to no tenant of it, as seen by complete looks. A clean-up may only touch what has stood
-- here for the quarantine (thresholds.orphanQuarantineDays): a tenant that is being created is an orphan for a moment.
CREATE TABLE whatsops.orphan_sightings (
  system         text        NOT NULL,
  gateway        text        NOT NULL,
  instance       text        NOT NULL,
  first_seen     timestamptz NOT NULL,
  last_seen      timestamptz NOT NULL,
  quarantined_at timestamptz,
  PRIMARY KEY (system, gateway, instance)
);

-- Before every remedy: what was tried on this instance lately.
CREATE INDEX runs_by_instance ON whatsops.runs (system, instance, created_at DESC);
