-- What the service for visitors may read: everything published, and nothing about people.
-- The owner is sapo-editorial. Run it as postgres in the site's database, after each migrate;
-- it may be run any number of times:
--   sudo -u postgres psql --set ON_ERROR_STOP=1 --dbname sapo --file deploy/database_roles.sql

BEGIN;

REVOKE ALL ON DATABASE sapo FROM PUBLIC;
GRANT CONNECT ON DATABASE sapo TO "sapo-public";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO "sapo-public";
GRANT SELECT ON ALL TABLES IN SCHEMA public TO "sapo-public";

-- Accounts, sessions, drafts, and who did what.
REVOKE ALL ON
    auth_group, auth_group_permissions, auth_permission, auth_user, auth_user_groups,
    auth_user_user_permissions, django_session, wagtailcore_comment, wagtailcore_commentreply,
    wagtailcore_modellogentry, wagtailcore_pagelogentry, wagtailcore_pagesubscription,
    wagtailcore_revision, wagtailcore_taskstate, wagtailcore_uploadedfile,
    wagtailcore_workflowstate, wagtailusers_userprofile
FROM "sapo-public";

COMMIT;
