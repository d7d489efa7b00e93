-- Every call made to a gateway: what was asked, what came of it, how long it took. Neither key nor body.
CREATE TABLE whatsops.gateway_calls (
  at          timestamptz NOT NULL,
  system      text        NOT NULL,
  gateway     text        NOT NULL,
  tenant      text,
  instance    text,
  operation   text        NOT NULL,
  outcome     text        NOT NULL,
  -- HTTP status; null when there was no answer.
  status      integer,
  duration_ms integer     NOT NULL
);
-- A tenant's timeline, and the last hours of one gateway. at comes in order, so BRIN is enough for retention.
CREATE INDEX gateway_calls_by_tenant ON whatsops.gateway_calls (system, tenant, at) WHERE tenant IS NOT NULL;
CREATE INDEX gateway_calls_by_time ON whatsops.gateway_calls USING brin (at);
