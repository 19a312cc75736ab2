//! Several daemons on one PostgreSQL: whichever is lost, another goes on, and no limit counts for each of them alone.

mod limits;
mod line;
mod lost;
mod nodes;
mod upgraded;

pub(super) use nodes::{chat_by, write_chats};
