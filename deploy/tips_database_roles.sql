-- Who may do what with the tips. No service owns a table: sapo-tips-owner does, who only migrates.
-- Run it as postgres in the tips' database, after each migrate; it may be run any number of times:
--   psql --set ON_ERROR_STOP=1 --dbname sapo_tips --file deploy/tips_database_roles.sql

BEGIN;

-- The services for visitors and editors cannot even connect.
REVOKE ALL ON DATABASE sapo_tips FROM PUBLIC;
GRANT CONNECT ON DATABASE sapo_tips TO "sapo-intake", "sapo-desk";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "sapo-intake", "sapo-desk";
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "sapo-intake", "sapo-desk";

-- Who has broken into the intake can add a tip, but neither see, change nor remove one.
GRANT INSERT ON tips_tip TO "sapo-intake";

-- What has happened stays: the desk adds to the event log and cannot change it.
GRANT SELECT, INSERT, UPDATE, DELETE ON tips_tip, tips_note TO "sapo-desk";
GRANT SELECT, INSERT ON tips_event, tips_tombstone TO "sapo-desk";

-- What is sent is sealed, and even so no log repeats it, nor says when the last tip came.
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_statement = 'none';
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_duration = off;
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_min_duration_statement = -1;
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_min_error_statement = 'panic';
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_error_verbosity = 'terse';
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_parameter_max_length = 0;
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_parameter_max_length_on_error = 0;
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET track_activities = off;

COMMIT;
