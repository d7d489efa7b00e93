-- What systems stand on besides their gateways: when each target is looked at next, and what was seen last.
CREATE TABLE whatsops.watch_targets (
  system       text COLLATE "C" NOT NULL,
  target       text COLLATE "C" NOT NULL,
  next_at      timestamptz NOT NULL,
  owner        uuid,
  leased_until timestamptz,
  read_at      timestamptz,
  outcome      text,
  words        text,
  seconds      double precision,
  -- Looks in a row without an answer.
  failures     integer NOT NULL DEFAULT 0,
  PRIMARY KEY (system, target)
);

-- The numbers of every look, partitioned by UTC day: rules look back on a day, retention drops whole days.
CREATE TABLE whatsops.samples (
  system  text COLLATE "C" NOT NULL,
  target  text COLLATE "C" NOT NULL,
  metric  text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  at      timestamptz      NOT NULL,
  value   double precision NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX samples_series ON whatsops.samples (system, target, metric, subject, at);

-- The same by the hour, for availability and reports: counted as they are stored, kept for more than a year.
CREATE TABLE whatsops.sample_hours (
  system  text COLLATE "C" NOT NULL,
  target  text COLLATE "C" NOT NULL,
  metric  text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  hour    timestamptz      NOT NULL,
  samples bigint           NOT NULL,
  total   double precision NOT NULL,
  least   double precision NOT NULL,
  most    double precision NOT NULL,
  PRIMARY KEY (system, target, metric, subject, hour)
);
CREATE INDEX sample_hours_by_time ON whatsops.sample_hours USING brin (hour);

CREATE FUNCTION whatsops.ensure_sample_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  child text := 'samples_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass('whatsops.' || child) IS NOT NULL THEN RETURN; END IF;
  -- Two processes at midnight: the second waits, and finds it done.
  PERFORM pg_advisory_xact_lock(hashtext('whatsops.ensure_sample_day'));
  EXECUTE format('CREATE TABLE IF NOT EXISTS whatsops.%I PARTITION OF whatsops.samples FOR VALUES FROM (%L) TO (%L)',
    child, to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(day + 1, 'YYYY-MM-DD') || ' 00:00:00+00');
END $$;
