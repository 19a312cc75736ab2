//! A "Thời gian hoàn thành" cell -> milestones.
