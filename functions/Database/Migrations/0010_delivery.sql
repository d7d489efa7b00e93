-- What the products are owed: one row per event of a system that forwards, written in the transaction of the event.
CREATE TABLE whatsops.deliveries (
  -- Version 7: its order is the order of arrival, to the millisecond. Also the webhook-id that the product sees.
  event_id uuid NOT NULL,
  system text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  received_at timestamptz NOT NULL,
  event text NOT NULL,
  -- Null: application/json.
  content_type text,
  state text NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  -- Outside its tenant's order: replayed, backfilled, or refused so often that the others went past it.
  is_aside boolean NOT NULL DEFAULT false,
  is_replay boolean NOT NULL DEFAULT false,
  is_backfill boolean NOT NULL DEFAULT false,
  -- Arrival, or the moment of the replay: the age that counts as lag.
  owed_since timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  -- Attempts that the product answered with a 4xx about this very event.
  refusals int NOT NULL DEFAULT 0,
  first_attempt_at timestamptz,
  next_attempt_at timestamptz NOT NULL,
  last_status int,
  last_error text,
  settled_at timestamptz,
  PRIMARY KEY (event_id, system, tenant)
);
-- Rows come and change at the receiver's pace.
ALTER TABLE whatsops.deliveries SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX deliveries_queue ON whatsops.deliveries (system, tenant, event_id) WHERE state = 'pending' AND NOT is_aside;
CREATE INDEX deliveries_aside ON whatsops.deliveries (system, tenant, next_attempt_at, event_id) WHERE state = 'pending' AND is_aside;
CREATE INDEX deliveries_dead ON whatsops.deliveries (system, tenant, event_id) WHERE state = 'dead';

-- One queue per tenant, leased as a whole: two processes never send for one tenant at once, which would lose its order.
CREATE TABLE whatsops.delivery_lanes (
  system text COLLATE "C" NOT NULL,
  tenant text COLLATE "C" NOT NULL,
  owner uuid,
  -- Grows with every lease: what an owner writes after it lost the lane does not count.
  fence bigint NOT NULL DEFAULT 0,
  leased_at timestamptz,
  leased_until timestamptz,
  PRIMARY KEY (system, tenant)
);

-- A product that fails for several tenants without a success between gets one probe at a time.
CREATE TABLE whatsops.delivery_breakers (
  system text PRIMARY KEY,
  -- Tenants whose attempts failed since the last success, up to the number that opens the breaker.
  failing text[] NOT NULL DEFAULT '{}',
  trips int NOT NULL DEFAULT 0,
  open_until timestamptz
);

-- The id that WhatsApp gave a message (key.id): not personal, and what the lost-event audit compares.
ALTER TABLE whatsops.events ADD COLUMN message_id text, ADD COLUMN is_backfill boolean NOT NULL DEFAULT false;
