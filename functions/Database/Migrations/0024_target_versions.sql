-- Of which version a target is, part by part (server, schema), and which one it was before: a change is noticed, and can be told.
CREATE TABLE whatsops.target_versions (
  system     text COLLATE "C" NOT NULL,
  target     text COLLATE "C" NOT NULL,
  part       text COLLATE "C" NOT NULL,
  version    text             NOT NULL,
  previous   text,
  -- When this version was first seen in the place of the previous one.
  changed_at timestamptz,
  seen_at    timestamptz      NOT NULL,
  PRIMARY KEY (system, target, part)
);
