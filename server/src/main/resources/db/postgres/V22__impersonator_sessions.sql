-- The administrator's own session, from which a session in somebody's name was opened, and with which it ends.
ALTER TABLE sessions ADD COLUMN impersonator_session TEXT COLLATE "C";
