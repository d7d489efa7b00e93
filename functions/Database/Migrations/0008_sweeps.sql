-- One report per sweep of the whole fleet.
CREATE TABLE whatsops.sweeps (
  id uuid PRIMARY KEY,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  complete boolean NOT NULL,
  status text NOT NULL,
  report jsonb NOT NULL
);

CREATE INDEX sweeps_by_time ON whatsops.sweeps (started_at DESC);

-- Who is sweeping a system now, and what the last one saw. Two sweeps at once would count one good observation twice.
CREATE TABLE whatsops.system_sweeps (
  system text PRIMARY KEY,
  owner uuid,
  leased_until timestamptz NOT NULL,
  finished_at timestamptz,
  report jsonb
);
