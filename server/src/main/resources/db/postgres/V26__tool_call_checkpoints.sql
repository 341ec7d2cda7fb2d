-- What a tool said about its call right before it began, for deciding after a crash whether it happened.
ALTER TABLE tool_calls ADD COLUMN checkpoint TEXT COLLATE "C";
