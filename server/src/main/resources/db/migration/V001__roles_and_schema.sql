-- The schema's frame: who may do what by default, and who is asking.
-- Flyway made the schema and runs this as parley_owner.

-- The application may enter and finds the rights on new tables ready made. The log writer gets nothing by
-- default: each migration grants it the few things that the log's lanes need.
GRANT USAGE ON SCHEMA parley TO parley_app, parley_log;
ALTER DEFAULT PRIVILEGES IN SCHEMA parley
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO parley_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA parley
  GRANT USAGE ON SEQUENCES TO parley_app;

-- The organization of this transaction, or null when none is set, which equals no row's organization.
-- Database.inOrg sets it for the length of a transaction; afterwards the setting reads as empty text.
CREATE FUNCTION parley.current_org() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('parley.org_id', true), '')::uuid;

-- The user of this transaction over all organizations, or null (Database.inUser).
CREATE FUNCTION parley.current_user_id() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('parley.user_id', true), '');

-- Which sets of migrations this database has been through (Migrations): a binary that finds its own here
-- has nothing to do. Older binaries keep their line, so a rolling upgrade does not go back and forth.
CREATE TABLE parley.schema_fingerprints (
  fingerprint text PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON parley.schema_fingerprints FROM parley_app;
