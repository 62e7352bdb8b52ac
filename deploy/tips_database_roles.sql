-- Who may do what with the tips. No service owns a table: sapo-tips-owner does, who only migrates.
-- Run it as postgres in the tips' database, after each migrate; it may be run any number of times:
--   psql --set ON_ERROR_STOP=1 --dbname sapo_tips --file deploy/tips_database_roles.sql

BEGIN;
SET LOCAL search_path = pg_catalog, public;
SET LOCAL datestyle = 'ISO';

-- The services for visitors and editors cannot even connect.
REVOKE ALL ON DATABASE sapo_tips FROM PUBLIC;
GRANT CONNECT ON DATABASE sapo_tips TO "sapo-intake", "sapo-desk";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "sapo-intake", "sapo-desk";
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "sapo-intake", "sapo-desk";
-- Anybody may by default store large objects, and fill the disk with them.
REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid),
    pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC;

-- Who has broken into the intake can add a tip, but neither see, change nor remove one.
GRANT INSERT ON tips_tip TO "sapo-intake";
-- Only one that nobody has handled: another would make the event log look forged, or lie unseen. And one whose digest
-- and day the desk can read: another would stop its queue, and break the log for ever. The rules are spelled as
-- PostgreSQL spells them, since those that stand are left: to set them takes a lock that tips wait for.
DO $$
DECLARE
    of_intake text := '((version = 0) AND ((state)::text = ''received''::text) AND (state_on = received_on)'
        ' AND ((assigned_to)::text = ''''::text) AND (NOT is_on_hold) AND ((register_no)::text = ''''::text)'
        ' AND ((purge_proposed_by)::text = ''''::text) AND ((purge_decision)::text = ''''::text)'
        ' AND ((purge_proposal)::text = ''''::text) AND ((statement)::text = ''''::text)'
        ' AND ((arrival_hash)::text = ''''::text)'
        ' AND (octet_length(files_digest) = 32) AND (received_on >= ''2020-01-01''::date)'
        ' AND (received_on <= ''2199-12-31''::date))';
    tips regclass := 'public.tips_tip';
BEGIN
    IF (SELECT relrowsecurity FROM pg_class WHERE oid = tips) AND ARRAY[
        concat_ws(' ', 'all_tips', '*', true, '"sapo-desk"'::regrole::oid, 'true', 'true'),
        concat_ws(' ', 'untouched', 'a', true, '"sapo-intake"'::regrole::oid, of_intake)
    ] <@ (
        SELECT array_agg(concat_ws(' ', polname, polcmd, polpermissive, array_to_string(polroles, ' '),
            pg_get_expr(polqual, tips), pg_get_expr(polwithcheck, tips))) FROM pg_policy WHERE polrelid = tips
    ) THEN
        RETURN;
    END IF;
    ALTER TABLE tips_tip ENABLE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS untouched ON tips_tip;
    EXECUTE format('CREATE POLICY untouched ON tips_tip FOR INSERT TO "sapo-intake" WITH CHECK (%s)', of_intake);
    DROP POLICY IF EXISTS all_tips ON tips_tip;
    CREATE POLICY all_tips ON tips_tip TO "sapo-desk" USING (true) WITH CHECK (true);
END $$;

-- What it signs of each tip it adds too, and nobody changes or takes it away.
GRANT INSERT ON tips_arrival TO "sapo-intake";
GRANT SELECT ON tips_arrival TO "sapo-desk";

-- What has happened stays: the desk adds to the event log and cannot change it. Of a tip and of a note
-- it changes how far the handling has come and whom they are sealed to, never what was received, when,
-- or who wrote what.
GRANT SELECT, INSERT, DELETE ON tips_tip, tips_note TO "sapo-desk";
GRANT UPDATE (state, state_on, version, assigned_to, is_on_hold, register_no, purge_proposed_by,
    purge_decision, purge_proposal, statement, arrival_hash, keyring_serial) ON tips_tip TO "sapo-desk";
GRANT UPDATE (sealed, keyring_serial) ON tips_note TO "sapo-desk";
GRANT SELECT, INSERT ON tips_event, tips_signedstatement, tips_tombstone TO "sapo-desk";
-- Its logins: the keys are hashed, with a secret that this database lacks (docs/decisions/0050).
GRANT SELECT, INSERT, UPDATE, DELETE ON tips_desksession TO "sapo-desk";
GRANT SELECT, INSERT, DELETE ON tips_spentchallenge, tips_laidstop TO "sapo-desk";

-- What is sent is sealed, and even so no log repeats it, nor says when the last tip came.
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_statement = 'none';
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_duration = off;
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_min_duration_statement = -1;
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_min_error_statement = 'panic';
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_error_verbosity = 'terse';
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_parameter_max_length = 0;
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET log_parameter_max_length_on_error = 0;
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET track_activities = off;
-- Who sends a tip while the table is locked is told so, and sends it again.
ALTER ROLE "sapo-intake" IN DATABASE sapo_tips SET statement_timeout = '10s';

COMMIT;
