-- The fleet: what we operate, who may act, what is paused, who did what. Secrets are in it only encrypted (tenant_secrets) or as references.

CREATE TABLE whatsops.fleet_versions (
  version    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- json, not jsonb: an operator gets back the order he wrote.
  document   json        NOT NULL,
  applied_at timestamptz NOT NULL,
  applied_by text        NOT NULL,
  changes    text        NOT NULL
);

-- A file that was refused while another stays in force; the next good one resolves it. Health makes a finding of the open one.
CREATE TABLE whatsops.fleet_rejections (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rejected_at timestamptz NOT NULL,
  rejected_by text        NOT NULL,
  problems    json        NOT NULL,
  resolved_at timestamptz
);
CREATE INDEX fleet_rejections_open ON whatsops.fleet_rejections (id) WHERE resolved_at IS NULL;

CREATE TABLE whatsops.tenant_secrets (
  system     text        NOT NULL,
  tenant     text        NOT NULL,
  current    bytea       NOT NULL,
  previous   bytea,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (system, tenant)
);
CREATE INDEX tenant_secrets_by_tenant ON whatsops.tenant_secrets (tenant);

-- system '*' pauses everything.
CREATE TABLE whatsops.pauses (
  system    text        PRIMARY KEY,
  paused_by text        NOT NULL,
  reason    text,
  since     timestamptz NOT NULL
);

CREATE TABLE whatsops.audit_trail (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at     timestamptz NOT NULL,
  by     text        NOT NULL,
  action text        NOT NULL,
  system text,
  tenant text,
  detail text        NOT NULL
);
CREATE INDEX audit_trail_by_tenant ON whatsops.audit_trail (system, tenant, id);

CREATE FUNCTION whatsops.audit_trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_trail_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON whatsops.audit_trail
  FOR EACH STATEMENT EXECUTE FUNCTION whatsops.audit_trail_is_append_only();
