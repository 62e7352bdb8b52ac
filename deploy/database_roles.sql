-- What the services may touch in the website's database, which sapo-editorial owns.
-- Run it as postgres in that database, after each migrate; it may be run any number of times:
--   psql --set ON_ERROR_STOP=1 --dbname sapo --file deploy/database_roles.sql

-- No name, function or operator means here what the owner of the database lets it mean, who is no superuser.
SET search_path = pg_catalog;

-- Of pages and registers, visitors read only the rows of those that are live; of withdrawals, those in force. The
-- owner sees all rows. The question about the page is a scalar one, so that it is a look at one key: EXISTS could
-- become a scan of all pages. A rule is spelled as PostgreSQL spells it, since one that stands is left: to set it
-- takes a lock that readers wait for. One table at a time: a reader who has the next one waits for nobody who waits.
DO $$
DECLARE
    closed record;
BEGIN
    FOR closed IN
        WITH register (name, rule) AS (
            SELECT attrelid, format(
                '( SELECT wagtailcore_page.live FROM public.wagtailcore_page'
                ' WHERE (wagtailcore_page.id = %I.page_ptr_id))', relname)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE attname = 'page_ptr_id' AND relkind = 'r'
            UNION ALL SELECT format('public.%I', column1)::regclass, column2 FROM (VALUES
                ('wagtailcore_page', 'live'),
                ('cooperation_partner', 'live'),
                ('content_alert', 'live'),
                ('content_contact', 'live'),
                ('content_cookienotice', 'live'),
                ('content_footer', 'live'),
                ('content_formeraddresses', 'live'),
                ('search_recommendation', 'live'),
                ('search_synonym', 'live'),
                ('content_threatleveldecision', 'live'),
                ('content_topic', 'live'),
                ('sapo_site_accessibilitydeviation', 'live'),
                ('content_pagetopic', '((listed_on IS NOT NULL) OR ( SELECT wagtailcore_page.live'
                    ' FROM public.wagtailcore_page WHERE (wagtailcore_page.id = content_pagetopic.page_id)))'),
                ('content_upkeep', '( SELECT wagtailcore_page.live FROM public.wagtailcore_page'
                    ' WHERE (wagtailcore_page.id = content_upkeep.page_id))'),
                ('content_withdrawal', '(back_at IS NULL)')
            ) AS named
        )
        SELECT name::regclass, rule FROM register WHERE NOT EXISTS (
            SELECT 1 FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
            WHERE polrelid = name AND relrowsecurity AND polname = 'published' AND polpermissive
                AND polcmd = 'r' AND polroles = ARRAY['"sapo-public"'::regrole::oid]
                AND regexp_replace(pg_get_expr(polqual, polrelid), '\s+', ' ', 'g') = rule
        )
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', closed.name);
        EXECUTE format('DROP POLICY IF EXISTS published ON %s', closed.name);
        EXECUTE format(
            'CREATE POLICY published ON %s FOR SELECT TO "sapo-public" USING (%s)',
            closed.name, closed.rule
        );
        COMMIT;
    END LOOP;
END $$;

BEGIN;
SET LOCAL search_path = pg_catalog, public;

REVOKE ALL ON DATABASE sapo FROM PUBLIC;
-- The desk may once have read here; who handles tips stands in the keyring (docs/decisions/0050).
REVOKE CONNECT ON DATABASE sapo FROM "sapo-desk";
GRANT CONNECT ON DATABASE sapo TO "sapo-public";
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM "sapo-desk";
GRANT USAGE ON SCHEMA public TO "sapo-public";
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "sapo-public", "sapo-desk";
-- Anybody may by default store large objects, and fill the disk with them.
REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid),
    pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC;

-- Visitors: these tables and no others, so that a new table is closed until it stands here.
GRANT SELECT ON
    cooperation_cooperationpage, cooperation_partner, django_content_type, content_alert,
    content_articlepage, content_contact, ground_contentversion, content_cookienotice, content_footer,
    content_formeraddresses, library_formerfile, content_homepage, content_newsindexpage, content_newspage, content_pagetopic,
    search_publishedfile, search_recommendation, search_searchentry, search_searchword,
    content_sectionpage, library_sitedocument, library_siteimage, library_siterendition, search_synonym,
    content_threatleveldecision, content_threatlevelpage, content_topic,
    sapo_site_accessibilitydeviation, sapo_site_accessibilitystatementpage,
    wagtailcore_collection, wagtailcore_locale, wagtailcore_site, wagtailredirects_redirect
TO "sapo-public";

-- Whoever asks while a table is locked, or for what takes too long, is told to come back.
ALTER ROLE "sapo-public" IN DATABASE sapo SET statement_timeout = '10s';

-- The job that files the records asks for pages as visitors do.
GRANT "sapo-public" TO "sapo-records";

-- From here on there are expressions: no function or operator of the owner's is called.
SET LOCAL search_path = pg_catalog;

-- Of these, all columns but some, which the service does not ask for either (sapo_site/apps.py,
-- pages/public/reading/withdrawn.py): of a page that was published by mistake, neither title nor day.
DO $$
DECLARE
    closed record;
    columns text;
BEGIN
    FOR closed IN
        VALUES ('wagtailcore_page', ARRAY['draft_title']),
               ('wagtailcore_collectionviewrestriction', ARRAY['password']),
               ('content_upkeep', ARRAY['role', 'person_id', 'months', 'due_on', 'read_by_id']),
               ('content_withdrawal', ARRAY['withdrawn_at', 'withdrawn_by_id'])
    LOOP
        SELECT string_agg(quote_ident(attname), ', ') INTO columns
        FROM pg_attribute
        WHERE attrelid = format('public.%I', closed.column1)::regclass
            AND attnum > 0 AND NOT attisdropped AND attname <> ALL (closed.column2);
        EXECUTE format('GRANT SELECT (%s) ON public.%I TO "sapo-public"', columns, closed.column1);
    END LOOP;
END $$;

-- It was trusted when rows of the search were closed. Every row that the search of visitors reads is public.
ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) NOT LEAKPROOF;

COMMIT;
