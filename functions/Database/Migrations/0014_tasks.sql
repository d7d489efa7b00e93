-- What is asked of people, and what checklists found done by machines. Rows with a due date, not orchestrations that live for weeks.
CREATE TABLE whatsops.tasks (
  id              uuid        PRIMARY KEY,
  -- task:{system}:{row}:{period}: asked once.
  key             text        NOT NULL UNIQUE,
  system          text        NOT NULL,
  row             text        NOT NULL,
  checklist       text        NOT NULL,
  period          text        NOT NULL,
  title           text        NOT NULL,
  title_pt        text        NOT NULL,
  state           text        NOT NULL CHECK (state IN ('open', 'postponed', 'done', 'not_applicable', 'failed', 'missed')),
  level           smallint    NOT NULL CHECK (level BETWEEN 1 AND 3),
  needs_approver  boolean     NOT NULL DEFAULT false,
  opened_at       timestamptz NOT NULL,
  due_at          timestamptz NOT NULL,
  -- How long it may take; as long again until the next level.
  allowed         interval    NOT NULL,
  -- Of an unfinished one: when somebody is reminded, when it goes a level up, and until when it waits.
  remind_at       timestamptz,
  escalate_at     timestamptz,
  postponed_until timestamptz,
  evidence        jsonb       NOT NULL,
  note            text,
  closed_by       text,
  closed_at       timestamptz,
  CHECK ((state IN ('open', 'postponed')) = (closed_at IS NULL)),
  CHECK ((state = 'postponed') = (postponed_until IS NOT NULL))
);
CREATE INDEX tasks_unfinished ON whatsops.tasks (system, due_at) WHERE closed_at IS NULL;
CREATE INDEX tasks_by_row ON whatsops.tasks (system, row, opened_at DESC);
CREATE INDEX tasks_by_end ON whatsops.tasks (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX tasks_by_opening ON whatsops.tasks (system, opened_at DESC);
