-- Up to where a log file in a container was read, and which file that was: a rotated one begins otherwise. No line of it is kept, only the hash of its beginning.
CREATE TABLE whatsops.file_cursors (
  system      text COLLATE "C" NOT NULL,
  target      text COLLATE "C" NOT NULL,
  position    bigint           NOT NULL,
  head_length integer          NOT NULL,
  head_hash   bytea            NOT NULL,
  size        bigint           NOT NULL,
  modified_at timestamptz      NOT NULL,
  -- When it was seen to grow last.
  grown_at    timestamptz      NOT NULL,
  read_at     timestamptz      NOT NULL,
  PRIMARY KEY (system, target)
);

-- What is most frequent in logs, by the hour: masked addresses, fingerprints of lines.
CREATE TABLE whatsops.log_tallies (
  system  text COLLATE "C" NOT NULL,
  target  text COLLATE "C" NOT NULL,
  hour    timestamptz      NOT NULL,
  kind    text COLLATE "C" NOT NULL,
  what    text COLLATE "C" NOT NULL,
  count   bigint           NOT NULL,
  last_at timestamptz      NOT NULL,
  PRIMARY KEY (system, target, hour, kind, what)
);
