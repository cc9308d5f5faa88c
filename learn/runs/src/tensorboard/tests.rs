//! Tests of event files.
