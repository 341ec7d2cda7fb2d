-- What API keys are beside their name and scopes: whose they are, until when and how often they may be used. A rotated
-- key counts with the one that took its place.
ALTER TABLE api_keys ADD COLUMN owned_by_organization BOOLEAN NOT NULL DEFAULT FALSE; -- else by its user
ALTER TABLE api_keys ADD COLUMN own_prefix TEXT COLLATE "C" NOT NULL DEFAULT 'ms_';
ALTER TABLE api_keys ADD COLUMN enabled BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE api_keys ADD COLUMN expires_at BIGINT;
ALTER TABLE api_keys ADD COLUMN remaining BIGINT; -- requests; null: any number
ALTER TABLE api_keys ADD COLUMN refill_amount BIGINT;
ALTER TABLE api_keys ADD COLUMN refill_interval BIGINT; -- milliseconds
ALTER TABLE api_keys ADD COLUMN refill_at BIGINT; -- the next time
ALTER TABLE api_keys ADD COLUMN last_refill_at BIGINT;
ALTER TABLE api_keys ADD COLUMN rate_limit_enabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE api_keys ADD COLUMN rate_limit_max BIGINT;
ALTER TABLE api_keys ADD COLUMN rate_limit_window BIGINT; -- milliseconds
ALTER TABLE api_keys ADD COLUMN metadata TEXT COLLATE "C"; -- a JSON object
ALTER TABLE api_keys ADD COLUMN updated_at BIGINT;
ALTER TABLE api_keys ADD COLUMN rotated_from TEXT COLLATE "C" REFERENCES api_keys (id);
ALTER TABLE api_keys ADD COLUMN rotated_to TEXT COLLATE "C" REFERENCES api_keys (id);
CREATE INDEX api_keys_user ON api_keys (user_id, id);
CREATE INDEX api_keys_rotated_to ON api_keys (rotated_to) WHERE rotated_to IS NOT NULL;
