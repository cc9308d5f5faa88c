//! Pages of training runs.
