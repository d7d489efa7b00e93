-- Totals that reports are made from. Every statement that writes calls or events adds its own counts, in its own transaction, as rows beside the totals;
-- a fold adds those up now and then. So a row that comes late is counted late and never missed, and what retention deletes stays counted.

-- tenant '' is none, status 0 is no answer.
CREATE TABLE whatsops.call_rollups (
  system    text COLLATE "C" NOT NULL,
  hour      timestamptz      NOT NULL,
  gateway   text COLLATE "C" NOT NULL,
  tenant    text COLLATE "C" NOT NULL,
  operation text COLLATE "C" NOT NULL,
  outcome   text COLLATE "C" NOT NULL,
  status    integer          NOT NULL,
  calls     bigint           NOT NULL,
  -- Of the answered calls: a call without an answer has no response time.
  answer_ms bigint           NOT NULL,
  PRIMARY KEY (system, hour, gateway, tenant, operation, outcome, status)
);
CREATE INDEX call_rollups_by_time ON whatsops.call_rollups USING brin (hour);

-- How many answers took how long, so that percentiles are exact.
CREATE TABLE whatsops.call_durations (
  system      text COLLATE "C" NOT NULL,
  hour        timestamptz      NOT NULL,
  duration_ms integer          NOT NULL,
  calls       bigint           NOT NULL,
  PRIMARY KEY (system, hour, duration_ms)
);
CREATE INDEX call_durations_by_time ON whatsops.call_durations USING brin (hour);

-- Events of tenants' own instances.
CREATE TABLE whatsops.event_rollups (
  system text COLLATE "C" NOT NULL,
  hour   timestamptz      NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  event  text COLLATE "C" NOT NULL,
  events bigint           NOT NULL,
  PRIMARY KEY (system, hour, tenant, event)
);
CREATE INDEX event_rollups_by_time ON whatsops.event_rollups USING brin (hour);

-- What was counted since the last fold. No key: two writers never wait for each other here.
CREATE TABLE whatsops.call_rollup_deltas (LIKE whatsops.call_rollups);
CREATE TABLE whatsops.call_duration_deltas (LIKE whatsops.call_durations);
CREATE TABLE whatsops.event_rollup_deltas (LIKE whatsops.event_rollups);

CREATE FUNCTION whatsops.count_calls() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO whatsops.call_rollup_deltas (system, hour, gateway, tenant, operation, outcome, status, calls, answer_ms)
    SELECT c.system, date_trunc('hour', c.at, 'UTC'), c.gateway, coalesce(c.tenant, ''), c.operation, c.outcome, coalesce(c.status, 0),
           count(*), coalesce(sum(c.duration_ms) FILTER (WHERE c.status IS NOT NULL), 0)
      FROM added c GROUP BY 1, 2, 3, 4, 5, 6, 7;
  INSERT INTO whatsops.call_duration_deltas (system, hour, duration_ms, calls)
    SELECT c.system, date_trunc('hour', c.at, 'UTC'), c.duration_ms, count(*) FROM added c WHERE c.status IS NOT NULL GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;
CREATE TRIGGER count_calls AFTER INSERT ON whatsops.gateway_calls REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION whatsops.count_calls();

CREATE FUNCTION whatsops.count_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO whatsops.event_rollup_deltas (system, hour, tenant, event, events)
    SELECT e.system, date_trunc('hour', e.received_at, 'UTC'), e.tenant, e.event, count(*) FROM added e WHERE NOT e.is_foreign GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $$;
CREATE TRIGGER count_events AFTER INSERT ON whatsops.events REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION whatsops.count_events();

-- What is there already. The triggers' locks keep writers out until this commits.
INSERT INTO whatsops.call_rollups (system, hour, gateway, tenant, operation, outcome, status, calls, answer_ms)
  SELECT c.system, date_trunc('hour', c.at, 'UTC'), c.gateway, coalesce(c.tenant, ''), c.operation, c.outcome, coalesce(c.status, 0),
         count(*), coalesce(sum(c.duration_ms) FILTER (WHERE c.status IS NOT NULL), 0)
    FROM whatsops.gateway_calls c GROUP BY 1, 2, 3, 4, 5, 6, 7;
INSERT INTO whatsops.call_durations (system, hour, duration_ms, calls)
  SELECT c.system, date_trunc('hour', c.at, 'UTC'), c.duration_ms, count(*) FROM whatsops.gateway_calls c WHERE c.status IS NOT NULL GROUP BY 1, 2, 3;
INSERT INTO whatsops.event_rollups (system, hour, tenant, event, events)
  SELECT e.system, date_trunc('hour', e.received_at, 'UTC'), e.tenant, e.event, count(*) FROM whatsops.events e WHERE NOT e.is_foreign GROUP BY 1, 2, 3, 4;

-- Adds what was counted since the last fold to the totals; one process at a time. Says how many rows it added up.
CREATE FUNCTION whatsops.fold_rollups() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  folded bigint;
  part bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('whatsops.fold_rollups', 0));
  WITH taken AS (DELETE FROM whatsops.call_rollup_deltas RETURNING *)
  INSERT INTO whatsops.call_rollups AS r (system, hour, gateway, tenant, operation, outcome, status, calls, answer_ms)
    SELECT t.system, t.hour, t.gateway, t.tenant, t.operation, t.outcome, t.status, sum(t.calls), sum(t.answer_ms) FROM taken t GROUP BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (system, hour, gateway, tenant, operation, outcome, status) DO UPDATE
      SET calls = r.calls + excluded.calls, answer_ms = r.answer_ms + excluded.answer_ms;
  GET DIAGNOSTICS folded = ROW_COUNT;
  WITH taken AS (DELETE FROM whatsops.call_duration_deltas RETURNING *)
  INSERT INTO whatsops.call_durations AS d (system, hour, duration_ms, calls)
    SELECT t.system, t.hour, t.duration_ms, sum(t.calls) FROM taken t GROUP BY 1, 2, 3
    ON CONFLICT (system, hour, duration_ms) DO UPDATE SET calls = d.calls + excluded.calls;
  GET DIAGNOSTICS part = ROW_COUNT;
  folded := folded + part;
  WITH taken AS (DELETE FROM whatsops.event_rollup_deltas RETURNING *)
  INSERT INTO whatsops.event_rollups AS r (system, hour, tenant, event, events)
    SELECT t.system, t.hour, t.tenant, t.event, sum(t.events) FROM taken t GROUP BY 1, 2, 3, 4
    ON CONFLICT (system, hour, tenant, event) DO UPDATE SET events = r.events + excluded.events;
  GET DIAGNOSTICS part = ROW_COUNT;
  RETURN folded + part;
END $$;

-- Totals of whole hours, folded or not: one statement, one snapshot, exact at any moment. A key may come more than once: sum.
CREATE FUNCTION whatsops.call_totals(of_system text, from_time timestamptz, to_time timestamptz) RETURNS SETOF whatsops.call_rollups LANGUAGE sql STABLE AS $$
  SELECT * FROM whatsops.call_rollups r WHERE r.system = of_system AND r.hour >= from_time AND r.hour < to_time
  UNION ALL
  SELECT * FROM whatsops.call_rollup_deltas r WHERE r.system = of_system AND r.hour >= from_time AND r.hour < to_time
$$;
CREATE FUNCTION whatsops.call_duration_totals(of_system text, from_time timestamptz, to_time timestamptz) RETURNS SETOF whatsops.call_durations LANGUAGE sql STABLE AS $$
  SELECT * FROM whatsops.call_durations d WHERE d.system = of_system AND d.hour >= from_time AND d.hour < to_time
  UNION ALL
  SELECT * FROM whatsops.call_duration_deltas d WHERE d.system = of_system AND d.hour >= from_time AND d.hour < to_time
$$;
CREATE FUNCTION whatsops.event_totals(of_system text, from_time timestamptz, to_time timestamptz) RETURNS SETOF whatsops.event_rollups LANGUAGE sql STABLE AS $$
  SELECT * FROM whatsops.event_rollups r WHERE r.system = of_system AND r.hour >= from_time AND r.hour < to_time
  UNION ALL
  SELECT * FROM whatsops.event_rollup_deltas r WHERE r.system = of_system AND r.hour >= from_time AND r.hour < to_time
$$;

-- What reports count within a window.
CREATE INDEX instance_transitions_by_time ON whatsops.instance_transitions (system, at);
CREATE INDEX findings_by_opening ON whatsops.findings (system, opened_at);

-- When nobody saw an instance: neither up nor down. A sweep comes every five minutes; three missed ones are a gap.
CREATE TABLE whatsops.instance_gaps (
  system   text        NOT NULL,
  instance text        NOT NULL,
  from_at  timestamptz NOT NULL,
  to_at    timestamptz NOT NULL,
  PRIMARY KEY (system, instance, from_at)
);
CREATE INDEX instance_gaps_by_time ON whatsops.instance_gaps (to_at);
CREATE FUNCTION whatsops.note_instance_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO whatsops.instance_gaps (system, instance, from_at, to_at) VALUES (NEW.system, NEW.instance, OLD.seen_at, NEW.seen_at) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER note_instance_gap AFTER UPDATE OF seen_at ON whatsops.instances
  FOR EACH ROW WHEN (NEW.seen_at - OLD.seen_at > interval '15 minutes') EXECUTE FUNCTION whatsops.note_instance_gap();

-- Seconds that each instance was seen up and seen down within a window, from the intervals between its changes of state, without the gaps.
CREATE FUNCTION whatsops.instance_uptime(of_system text, from_time timestamptz, to_time timestamptz)
  RETURNS TABLE (instance text, tenant text, up_seconds numeric, down_seconds numeric) LANGUAGE sql STABLE AS $$
  WITH seen AS (
    SELECT i.instance, i.tenant, CASE WHEN i.seen_at >= to_time - interval '15 minutes' THEN to_time ELSE i.seen_at END AS until
      FROM whatsops.instances i WHERE i.system = of_system AND i.seen_at > from_time
  ), moments AS (
    SELECT s.instance, from_time AS at, 0::bigint AS id, before.to_state FROM seen s CROSS JOIN LATERAL (
        SELECT t.to_state FROM whatsops.instance_transitions t
         WHERE t.system = of_system AND t.instance = s.instance AND t.at <= from_time ORDER BY t.at DESC, t.id DESC LIMIT 1) before
    UNION ALL
    SELECT t.instance, t.at, t.id, t.to_state FROM whatsops.instance_transitions t JOIN seen s ON s.instance = t.instance
     WHERE t.system = of_system AND t.at > from_time AND t.at < to_time
  ), intervals AS (
    SELECT m.instance, m.to_state, m.at, least(lead(m.at) OVER (PARTITION BY m.instance ORDER BY m.at, m.id), s.until) AS until
      FROM moments m JOIN seen s ON s.instance = m.instance
  ), spans AS (
    SELECT v.instance,
           coalesce(range_agg(tstzrange(v.at, v.until)) FILTER (WHERE v.to_state = 'open'), '{}') AS up,
           coalesce(range_agg(tstzrange(v.at, v.until)) FILTER (WHERE v.to_state IN ('connecting', 'close', 'refused', 'not_loaded')), '{}') AS down
      FROM intervals v WHERE v.at < v.until GROUP BY v.instance
  ), gaps AS (
    SELECT g.instance, range_agg(tstzrange(g.from_at, g.to_at)) AS unseen FROM whatsops.instance_gaps g
     WHERE g.system = of_system AND g.to_at > from_time AND g.from_at < to_time GROUP BY g.instance
  )
  SELECT s.instance, s.tenant,
         (SELECT coalesce(sum(extract(epoch FROM upper(r) - lower(r))), 0) FROM unnest(p.up - coalesce(g.unseen, '{}')) r),
         (SELECT coalesce(sum(extract(epoch FROM upper(r) - lower(r))), 0) FROM unnest(p.down - coalesce(g.unseen, '{}')) r)
    FROM seen s LEFT JOIN spans p ON p.instance = s.instance LEFT JOIN gaps g ON g.instance = s.instance
$$;

-- How clean-up finds what has had its time.
CREATE INDEX instance_transitions_by_age ON whatsops.instance_transitions USING brin (at);
CREATE INDEX instance_qr_codes_by_age ON whatsops.instance_qr_codes USING brin (minute);
CREATE INDEX storm_counts_by_age ON whatsops.storm_counts USING brin (minute);
CREATE INDEX findings_by_end ON whatsops.findings (closed_at) WHERE state = 'closed';
CREATE INDEX runs_by_end ON whatsops.runs (ended_at) WHERE ended_at IS NOT NULL;

-- Clean-ups of products' tables that wait for a yes, because their policy says approve.
CREATE TABLE whatsops.clean_up_requests (
  system     text        NOT NULL,
  table_name text        NOT NULL,
  -- What was old when it was asked; a yes is for these rows and no others.
  older_than timestamptz NOT NULL,
  rows       bigint      NOT NULL,
  asked_at   timestamptz NOT NULL,
  granted_by text,
  granted_at timestamptz,
  PRIMARY KEY (system, table_name)
);
