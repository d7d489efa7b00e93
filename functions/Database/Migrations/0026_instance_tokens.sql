-- Which token an instance has, as an HMAC under a key of WhatsOps' own (events.tokens), so that the apikey in a webhook body can be compared. During a
-- migration one name is on two gateways, with a token on each.
CREATE TABLE whatsops.instance_tokens (
  system     text COLLATE "C" NOT NULL,
  tenant     text COLLATE "C" NOT NULL,
  gateway    text COLLATE "C" NOT NULL,
  instance   text COLLATE "C" NOT NULL,
  hash       bytea            NOT NULL,
  changed_at timestamptz      NOT NULL,
  PRIMARY KEY (system, tenant, gateway, instance)
);
