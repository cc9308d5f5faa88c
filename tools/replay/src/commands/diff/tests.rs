//! Small scripts of two markets.
