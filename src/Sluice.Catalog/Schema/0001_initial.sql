-- Instants are milliseconds since 1970; lifecycles and types are the wire's words.

CREATE TABLE file_systems (
    id TEXT PRIMARY KEY,
    lifecycle TEXT NOT NULL,
    root_path TEXT NOT NULL,
    adopted INTEGER NOT NULL,
    settings TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    failure_message TEXT
) STRICT;
CREATE INDEX file_systems_page ON file_systems (creation_time DESC, id DESC);

CREATE TABLE associations (
    id TEXT PRIMARY KEY,
    file_system_id TEXT NOT NULL REFERENCES file_systems (id) ON DELETE CASCADE,
    lifecycle TEXT NOT NULL,
    file_system_path TEXT NOT NULL,
    data_repository_path TEXT NOT NULL,
    batch_import INTEGER NOT NULL,
    chunk_size_mib INTEGER NOT NULL,
    has_s3 INTEGER NOT NULL,
    auto_import_events TEXT,
    auto_export_events TEXT,
    delete_data INTEGER NOT NULL,
    creation_time INTEGER NOT NULL,
    failure_message TEXT
) STRICT;
CREATE INDEX associations_page ON associations (creation_time DESC, id DESC);
CREATE INDEX associations_of_file_system ON associations (file_system_id);

CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    file_system_id TEXT NOT NULL REFERENCES file_systems (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    lifecycle TEXT NOT NULL,
    paths TEXT NOT NULL,
    report_enabled INTEGER NOT NULL,
    report_path TEXT,
    report_format TEXT,
    report_scope TEXT,
    release_age_days INTEGER,
    creation_time INTEGER NOT NULL,
    start_time INTEGER,
    end_time INTEGER,
    failure_message TEXT,
    total_count INTEGER,
    succeeded_count INTEGER,
    failed_count INTEGER,
    total_bytes INTEGER,
    succeeded_bytes INTEGER,
    progress_time INTEGER
) STRICT;
CREATE INDEX tasks_page ON tasks (creation_time DESC, id DESC);
CREATE INDEX tasks_of_file_system ON tasks (file_system_id);
CREATE INDEX tasks_unended ON tasks (creation_time) WHERE end_time IS NULL;

CREATE TABLE tags (
    resource_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (resource_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    operation TEXT NOT NULL,
    token TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    request TEXT NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (operation, token)
) STRICT, WITHOUT ROWID;

-- Outlives its task's row on purpose: an upload that can't be aborted yet must not be forgotten.
CREATE TABLE uploads (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    time INTEGER NOT NULL,
    upload_id TEXT
) STRICT;
CREATE INDEX uploads_of_task ON uploads (task_id);
