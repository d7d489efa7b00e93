-- Links that let somebody without an account do one thing, once. Of the token only its SHA-256 is here.
CREATE TABLE whatsops.links (
  token_hash bytea PRIMARY KEY,
  purpose    text NOT NULL,
  run_id     uuid NOT NULL REFERENCES whatsops.runs ON DELETE CASCADE,
  step       text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX links_by_run ON whatsops.links (run_id);
CREATE INDEX links_by_expiry ON whatsops.links (expires_at);
