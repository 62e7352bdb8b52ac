-- The services' users in PostgreSQL and their two databases, where they are missing:
--   runuser -u postgres -- psql --set ON_ERROR_STOP=1 --dbname postgres < deploy/databases.sql
-- Each logs in over the local socket as the user of the machine with the same name, without a password.

SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['sapo-editorial', 'sapo-public', 'sapo-records', 'sapo-intake', 'sapo-desk',
                  'sapo-tips-owner']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

SELECT format('CREATE DATABASE %I OWNER %I ENCODING UTF8 TEMPLATE template0', name, owner)
FROM (VALUES ('sapo', 'sapo-editorial'), ('sapo_tips', 'sapo-tips-owner')) AS wanted (name, owner)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec
