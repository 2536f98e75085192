"""What tells a register of ours from another file, and how long anyone waits for it."""

APPLICATION_ID = 0x41534231  # "ASB1", in the file's header
SCHEMA_VERSION = 1  # `user_version`: the one integer that start-up checks
BUSY_SECONDS = 10
