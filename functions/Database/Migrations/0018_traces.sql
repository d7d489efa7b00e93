-- Where a trace goes on after a durable boundary: the W3C traceparent of the span that made the row. Null: nobody listened, or it was not sampled.
ALTER TABLE whatsops.events ADD COLUMN trace text;
ALTER TABLE whatsops.deliveries ADD COLUMN trace text;
ALTER TABLE whatsops.findings ADD COLUMN trace text;
ALTER TABLE whatsops.runs ADD COLUMN trace text;
