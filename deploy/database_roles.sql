-- What the services may touch in the website's database, which sapo-editorial owns.
-- Run it as postgres in that database, after each migrate; it may be run any number of times:
--   psql --set ON_ERROR_STOP=1 --dbname sapo --file deploy/database_roles.sql

BEGIN;

REVOKE ALL ON DATABASE sapo FROM PUBLIC;
GRANT CONNECT ON DATABASE sapo TO "sapo-public", "sapo-desk";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "sapo-public", "sapo-desk";
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "sapo-public", "sapo-desk";

-- Visitors: everything published, and nothing about people.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO "sapo-public";
-- Accounts, sessions, drafts, who did what, and what others have looked for.
REVOKE ALL ON
    auth_group, auth_group_permissions, auth_permission, auth_user, auth_user_groups,
    auth_user_user_permissions, django_session, pages_unmetquery, wagtailcore_comment, wagtailcore_commentreply,
    wagtailcore_modellogentry, wagtailcore_pagelogentry, wagtailcore_pagesubscription,
    wagtailcore_revision, wagtailcore_taskstate, wagtailcore_uploadedfile,
    wagtailcore_workflowstate, wagtailusers_userprofile
FROM "sapo-public";

-- The desk: who may log in, and that they have. No page, no draft, nobody's password to change.
GRANT SELECT ON auth_user, auth_group, auth_user_groups TO "sapo-desk";
GRANT UPDATE (last_login) ON auth_user TO "sapo-desk";
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO "sapo-desk";

COMMIT;
