-- An acceptance outlives its finding: the trouble that comes back within days is the one that was accepted.
ALTER TABLE whatsops.findings
  ADD COLUMN accepted_by text,
  ADD COLUMN accepted_reason text,
  ADD COLUMN accepted_severity smallint;
UPDATE whatsops.findings SET accepted_by = changed_by, accepted_reason = reason, accepted_severity = severity WHERE state = 'accepted';
