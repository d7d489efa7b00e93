-- Up to where the log of a container was read, by the engine's clock: several processes take turns at looking, and no line may count twice.
CREATE TABLE whatsops.log_cursors (
  system text COLLATE "C" NOT NULL,
  target text COLLATE "C" NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (system, target)
);
