-- When a user has signed in for the first time. Until the owner has, each start prints a link for it.
ALTER TABLE users ADD COLUMN signed_in_at BIGINT;
UPDATE users SET signed_in_at = created_at
  WHERE EXISTS (SELECT 1 FROM sessions WHERE sessions.user_id = users.id);
