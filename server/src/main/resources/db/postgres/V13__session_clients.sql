-- From where a session was opened, and with what, so that its owner knows it; the user agent is cut at 300 characters.
ALTER TABLE sessions ADD COLUMN ip_address TEXT COLLATE "C";
ALTER TABLE sessions ADD COLUMN user_agent TEXT COLLATE "C";
CREATE INDEX sessions_user ON sessions (user_id, id);
