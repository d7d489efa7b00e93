-- The engine's own schema. Idempotent: run at every start under an advisory lock.
CREATE SCHEMA IF NOT EXISTS durable;

-- One row: who runs the orchestrations of this database. Every commit of the owner checks its epoch.
CREATE TABLE IF NOT EXISTS durable.lease (
  only_one   boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  epoch      bigint NOT NULL,
  owner      text,
  expires_at timestamptz NOT NULL
);
INSERT INTO durable.lease (epoch, expires_at) VALUES (0, '-infinity') ON CONFLICT DO NOTHING;

-- SHARE conflicts with the UPDATE of a takeover: a commit is either wholly before it or refused.
CREATE OR REPLACE FUNCTION durable.fence(expected bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM durable.lease WHERE epoch = expected FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the lease of epoch % is lost', expected USING ERRCODE = 'DU001';
  END IF;
END $$;

-- Payloads are text, not jsonb: jsonb refuses \u0000, and one bad payload must not fail a commit that many instances share.
CREATE TABLE IF NOT EXISTS durable.instances (
  instance_id       text COLLATE "C" PRIMARY KEY,
  generation        integer NOT NULL,
  name              text NOT NULL,
  version           text NOT NULL,
  status            text NOT NULL CHECK (status IN ('Pending', 'Running', 'Suspended', 'Completed', 'Failed', 'Terminated')),
  input             text,
  output            text,
  custom_status     text,
  failure           text,
  tags              text,
  refused_statuses  text,
  parent_id         text COLLATE "C",
  parent_name       text,
  parent_generation integer,
  parent_task       integer,
  created_at        timestamptz NOT NULL,
  started_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX IF NOT EXISTS instances_live ON durable.instances (status) WHERE status IN ('Pending', 'Running', 'Suspended');
CREATE INDEX IF NOT EXISTS instances_children ON durable.instances (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS durable.history (
  instance_id text COLLATE "C" NOT NULL,
  generation  integer NOT NULL,
  seq         integer NOT NULL,
  kind        text NOT NULL,
  at          timestamptz NOT NULL,
  task        integer NOT NULL,
  name        text,
  target      text,
  payload     text,
  PRIMARY KEY (instance_id, generation, seq)
);

-- What clients ask of the owner, and what one orchestration asks of another. A row is deleted by the commit that obeys it.
CREATE TABLE IF NOT EXISTS durable.commands (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text NOT NULL,
  instance_id text NOT NULL,
  name        text,
  payload     text
);
