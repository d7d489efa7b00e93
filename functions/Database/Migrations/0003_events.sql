-- Webhook events and the instance states they, and the sweeps, tell of.

-- One row per event, partitioned by the UTC day of its arrival: retention drops whole days.
CREATE TABLE whatsops.events (
  system text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  received_at timestamptz NOT NULL,
  id uuid NOT NULL,
  event text NOT NULL,
  -- As the body says it; null when it says none. Foreign: not the instance of the tenant that proved the request.
  instance text,
  is_foreign boolean NOT NULL,
  -- Evolution's date_time: wall clock labelled Z, three hours off in its official image. Good for order, not for time.
  gateway_time timestamptz,
  state text,
  reason int,
  -- Why there is no (readable) body: oversized, malformed, too_deep. Null when all is well.
  problem text,
  size int NOT NULL,
  -- Keyed hashes of every phone number in the body, for erasing a person's data.
  phones bigint[],
  -- Time first: inserts go to the right edge of the index, and the newest events are found there.
  PRIMARY KEY (received_at, id)
) PARTITION BY RANGE (received_at);
CREATE INDEX events_tenant ON whatsops.events (system, tenant, received_at, id);

-- The original body without its apikey, AES-GCM under the day's data key: dropped sooner than the event itself.
CREATE TABLE whatsops.event_bodies (
  system text NOT NULL,
  tenant text NOT NULL,
  received_at timestamptz NOT NULL,
  id uuid NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (received_at, id)
) PARTITION BY RANGE (received_at);
-- Ciphertext does not compress: spare the attempt.
ALTER TABLE whatsops.event_bodies ALTER COLUMN body SET STORAGE EXTERNAL;

-- What makes an event a duplicate. Not partitioned, so that it works across midnight; kept longer than any gateway retries.
CREATE TABLE whatsops.event_keys (
  system text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  key uuid NOT NULL,
  first_seen timestamptz NOT NULL,
  -- The key first: it alone decides nearly every comparison.
  PRIMARY KEY (key, system, tenant)
);
CREATE INDEX event_keys_first_seen ON whatsops.event_keys USING brin (first_seen);

-- Data keys of the event log, wrapped by the platform's key: day/2026-01-31 for bodies, phones for the hashes.
CREATE TABLE whatsops.event_data_keys (
  name text PRIMARY KEY,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- State events that a storm repeated: counted, not stored.
CREATE TABLE whatsops.storm_counts (
  system text NOT NULL,
  tenant text NOT NULL,
  instance text NOT NULL,
  event text NOT NULL,
  state text NOT NULL,
  minute timestamptz NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (system, tenant, instance, event, state, minute)
);

-- What the receiver answered, per minute: the only trace of requests whose body was not stored.
CREATE TABLE whatsops.receiver_counts (
  minute timestamptz NOT NULL,
  answer text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (minute, answer)
);

-- The last known state of every instance, from webhooks and looks together.
CREATE TABLE whatsops.instances (
  system text NOT NULL,
  instance text NOT NULL,
  tenant text NOT NULL,
  gateway text,
  state text NOT NULL,
  since timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  source text NOT NULL,
  -- The gateway's own time of the newest state event: orders retried and overtaken deliveries.
  gateway_time timestamptz,
  -- Only the gateway's list says open, against what was known: its leaving open proves no disconnection.
  is_claim boolean NOT NULL DEFAULT false,
  last_seen_open timestamptz,
  last_event_at timestamptz,
  disconnect_reason int,
  PRIMARY KEY (system, instance)
);

CREATE TABLE whatsops.instance_transitions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  system text NOT NULL,
  instance text NOT NULL,
  tenant text NOT NULL,
  at timestamptz NOT NULL,
  from_state text,
  to_state text NOT NULL,
  reason int,
  source text NOT NULL,
  is_disconnection boolean NOT NULL
);
CREATE INDEX instance_transitions_place ON whatsops.instance_transitions (system, instance, at);
CREATE INDEX instance_transitions_disconnections ON whatsops.instance_transitions (system, at) WHERE is_disconnection;

CREATE TABLE whatsops.instance_qr_codes (
  system text NOT NULL,
  instance text NOT NULL,
  minute timestamptz NOT NULL,
  count int NOT NULL,
  PRIMARY KEY (system, instance, minute)
);

-- One day's partitions of both tables; true when they were made now.
CREATE FUNCTION whatsops.ensure_event_day(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  suffix text := to_char(day, 'YYYYMMDD');
  from_time text := to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00';
  to_time text := to_char(day + 1, 'YYYY-MM-DD') || ' 00:00:00+00';
  parent text;
BEGIN
  IF to_regclass('whatsops.events_' || suffix) IS NOT NULL AND to_regclass('whatsops.event_bodies_' || suffix) IS NOT NULL THEN
    RETURN false;
  END IF;
  -- Two processes at midnight: the second waits, and finds it done.
  PERFORM pg_advisory_xact_lock(hashtext('whatsops.ensure_event_day'));
  FOREACH parent IN ARRAY ARRAY['events', 'event_bodies'] LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS whatsops.%I PARTITION OF whatsops.%I FOR VALUES FROM (%L) TO (%L)',
      parent || '_' || suffix, parent, from_time, to_time);
  END LOOP;
  RETURN true;
END $$;

-- Drops the partitions of one parent whose whole day is before a day; says which.
CREATE FUNCTION whatsops.drop_event_days(parent text, before date) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  child text;
BEGIN
  FOR child IN
    SELECT c.relname FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace
      WHERE n.nspname = 'whatsops' AND p.relname = parent AND c.relname < parent || '_' || to_char(before, 'YYYYMMDD')
      ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TABLE whatsops.%I', child);
    RETURN NEXT child;
  END LOOP;
END $$;

-- Same-millisecond events of one instance are taken in this order.
CREATE FUNCTION whatsops.instance_state_rank(state text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE state WHEN 'connecting' THEN 1 WHEN 'open' THEN 2 WHEN 'close' THEN 3 WHEN 'refused' THEN 4 ELSE 0 END
$$;

-- Takes sightings of instances (one array element each) into states, transitions and QR counts. A null state is only a sign of life.
-- Rows are locked in order of (system, instance), so that receivers and sweeps never wait for each other in a circle.
CREATE FUNCTION whatsops.record_instance_sightings(
  systems text[], tenants text[], gateways text[], instances text[], states text[], seen timestamptz[], gateway_times timestamptz[],
  sources text[], reasons int[], qr_codes boolean[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  s record;
  known whatsops.instances%ROWTYPE;
  comparable boolean;
  stale boolean;
  changed int := 0;
BEGIN
  FOR s IN
    SELECT b.*, whatsops.instance_state_rank(b.state) AS rank,
           CASE WHEN b.source = 'webhook' THEN b.at END AS event_at
      FROM unnest(systems, tenants, gateways, instances, states, seen, gateway_times, sources, reasons, qr_codes)
        AS b(system, tenant, gateway, instance, state, at, gateway_time, source, reason, is_qr)
      ORDER BY b.system COLLATE "C", b.instance COLLATE "C", coalesce(b.gateway_time, b.at), rank
  LOOP
    IF s.is_qr THEN
      INSERT INTO whatsops.instance_qr_codes AS q (system, instance, minute, count)
        VALUES (s.system, s.instance, date_trunc('minute', s.at), 1)
        ON CONFLICT (system, instance, minute) DO UPDATE SET count = q.count + 1;
    END IF;

    SELECT * INTO known FROM whatsops.instances i WHERE i.system = s.system AND i.instance = s.instance FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO whatsops.instances AS i
        (system, instance, tenant, gateway, state, since, seen_at, source, gateway_time, last_seen_open, last_event_at, disconnect_reason)
        VALUES (s.system, s.instance, s.tenant, s.gateway, coalesce(s.state, 'unknown'), s.at, s.at, s.source,
          CASE WHEN s.state IS NOT NULL THEN s.gateway_time END, CASE WHEN s.state = 'open' THEN s.at END, s.event_at,
          CASE WHEN s.state = 'close' THEN s.reason END)
        ON CONFLICT (system, instance) DO NOTHING;
      IF FOUND THEN
        IF s.state IS NOT NULL THEN
          INSERT INTO whatsops.instance_transitions (system, instance, tenant, at, from_state, to_state, reason, source, is_disconnection)
            VALUES (s.system, s.instance, s.tenant, s.at, NULL, s.state, s.reason, s.source, false);
          changed := changed + 1;
        END IF;
        CONTINUE;
      END IF;
      SELECT * INTO known FROM whatsops.instances i WHERE i.system = s.system AND i.instance = s.instance FOR UPDATE;
    END IF;

    -- The gateway's own times order its deliveries, unless its clock was set back by more than its retries last (about 20 minutes).
    comparable := s.gateway_time IS NOT NULL AND known.gateway_time IS NOT NULL AND s.gateway_time > known.gateway_time - interval '30 minutes';
    stale := CASE
      WHEN s.state IS NULL THEN true
      WHEN comparable AND (s.gateway_time, s.rank) < (known.gateway_time, whatsops.instance_state_rank(known.state)) THEN true
      WHEN comparable AND known.source = 'webhook' THEN false
      ELSE (date_trunc('milliseconds', s.at), s.rank) < (date_trunc('milliseconds', known.seen_at), whatsops.instance_state_rank(known.state))
    END;

    IF NOT stale AND s.state <> known.state THEN
      INSERT INTO whatsops.instance_transitions (system, instance, tenant, at, from_state, to_state, reason, source, is_disconnection)
        VALUES (s.system, s.instance, s.tenant, s.at, known.state, s.state, s.reason, s.source,
          known.state = 'open' AND NOT known.is_claim AND s.state IN ('connecting', 'close', 'refused'));
      changed := changed + 1;
    END IF;

    UPDATE whatsops.instances i SET
      tenant = CASE WHEN stale THEN i.tenant ELSE s.tenant END,
      gateway = coalesce(s.gateway, i.gateway),
      state = CASE WHEN stale THEN i.state ELSE s.state END,
      since = CASE WHEN stale OR s.state = i.state THEN i.since ELSE s.at END,
      seen_at = CASE WHEN stale THEN i.seen_at ELSE greatest(i.seen_at, s.at) END,
      source = CASE WHEN stale THEN i.source ELSE s.source END,
      gateway_time = CASE WHEN stale THEN i.gateway_time ELSE coalesce(s.gateway_time, i.gateway_time) END,
      is_claim = CASE WHEN stale THEN i.is_claim
                      WHEN s.state <> 'open' OR s.source <> 'list' THEN false
                      ELSE i.is_claim OR i.state IN ('connecting', 'close', 'refused') END,
      last_seen_open = CASE WHEN NOT stale AND s.state = 'open' THEN greatest(i.last_seen_open, s.at) ELSE i.last_seen_open END,
      last_event_at = greatest(i.last_event_at, s.event_at),
      disconnect_reason = CASE WHEN NOT stale AND s.state = 'close' AND s.reason IS NOT NULL THEN s.reason ELSE i.disconnect_reason END
      WHERE i.system = s.system AND i.instance = s.instance;
  END LOOP;
  RETURN changed;
END $$;
