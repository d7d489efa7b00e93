-- Alerts of Prometheus that fire, as its Alertmanager tells; deleted when it says that they are resolved.
CREATE TABLE whatsops.external_alerts (
  system text COLLATE "C" NOT NULL,
  target text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  name text NOT NULL,
  severity text NOT NULL,
  words text NOT NULL,
  since timestamptz,
  heard_at timestamptz NOT NULL,
  PRIMARY KEY (system, target, fingerprint)
);
