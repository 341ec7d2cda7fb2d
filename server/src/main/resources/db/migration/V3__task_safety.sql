-- Claims that ended with the server, in a row, and how far the task had come at the last one.
ALTER TABLE tasks ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN crash_progress INTEGER NOT NULL DEFAULT 0;
-- How often the server gave the change back to the agent instead of pushing it.
ALTER TABLE tasks ADD COLUMN refused_deliveries INTEGER NOT NULL DEFAULT 0;
