//! One row's fields: taken out one by one, so that whatever is left over is an error.

use std::str::FromStr;

use kernel::{OrderKind, Price, Qty, SelfTrade, Side, TimeInForce, TimeNs};

use super::COLUMNS;
use super::error::Wrong;
use crate::words::{SELF_TRADES, SIDES, Words, value_of};

/// The fields of a row that no one has taken yet.
pub(super) struct Fields<'a> {
    fields: Vec<&'a str>,
    extra: Vec<(&'a str, &'a str)>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(row: &'a str) -> Result<Self, Wrong> {
        let fields: Vec<_> = row.split(',').collect();
        if fields.len() != COLUMNS.len() {
            return Err(Wrong::Fields(fields.len() as u64));
        }
        let mut extra: Vec<(&str, &str)> = Vec::new();
        for item in fields.last().copied().unwrap_or_default().split_ascii_whitespace() {
            match item.split_once('=') {
                Some((key, value))
                    if !key.is_empty() && extra.iter().all(|(old, _)| *old != key) =>
                {
                    extra.push((key, value));
                }
                Some(_) | None => return Err(Wrong::Extra(item.to_owned())),
            }
        }
        Ok(Self { fields, extra })
    }

    /// A column's text; `None` when it is empty.
    pub(super) fn text(&mut self, column: &'static str) -> Option<&'a str> {
        let index = COLUMNS.iter().position(|name| *name == column)?;
        let field = self.fields.get_mut(index)?;
        Some(std::mem::take(field)).filter(|text| !text.is_empty())
    }

    /// A column's number; `None` when it is empty.
    pub(super) fn number<T: FromStr>(&mut self, column: &'static str) -> Result<Option<T>, Wrong> {
        self.text(column).map(|text| parse(column, text)).transpose()
    }

    /// A column's number, which must be there.
    pub(super) fn need<T: FromStr>(&mut self, column: &'static str) -> Result<T, Wrong> {
        self.number(column)?.ok_or(Wrong::Missing(column))
    }

    /// The text of a key of `extra`.
    pub(super) fn key(&mut self, key: &str) -> Option<&'a str> {
        let index = self.extra.iter().position(|(found, _)| *found == key)?;
        Some(self.extra.remove(index).1)
    }

    /// The number of a key of `extra`.
    pub(super) fn key_number<T: FromStr>(&mut self, key: &'static str) -> Result<Option<T>, Wrong> {
        self.key(key).map(|text| parse(key, text)).transpose()
    }

    /// The number of a key of `extra`, which must be there.
    pub(super) fn need_key<T: FromStr>(&mut self, key: &'static str) -> Result<T, Wrong> {
        self.key_number(key)?.ok_or(Wrong::Missing(key))
    }

    /// A key of `extra` that is 0 or 1; 0 when it is absent.
    pub(super) fn flag(&mut self, key: &'static str) -> Result<bool, Wrong> {
        self.key(key).map_or(Ok(false), |text| parse_flag(key, text))
    }

    pub(super) fn price(&mut self) -> Result<Price, Wrong> {
        let text = self.text("price").ok_or(Wrong::Missing("price"))?;
        parse_price("price", text)
    }

    pub(super) fn qty(&mut self) -> Result<Qty, Wrong> {
        let text = self.text("qty").ok_or(Wrong::Missing("qty"))?;
        parse_qty("qty", text)
    }

    pub(super) fn side(&mut self) -> Result<Side, Wrong> {
        let text = self.text("side").ok_or(Wrong::Missing("side"))?;
        find("side", text, SIDES, "buy or sell")
    }

    pub(super) fn kind(&mut self) -> Result<OrderKind, Wrong> {
        match self.text("type").ok_or(Wrong::Missing("type"))? {
            "limit" => {
                let (price, post_only) = (self.price()?, self.flag("post_only")?);
                Ok(OrderKind::Limit { price, post_only })
            }
            "market" => Ok(OrderKind::Market),
            "market_to_limit" => Ok(OrderKind::MarketToLimit),
            found => Err(value("type", found, "limit, market or market_to_limit")),
        }
    }

    pub(super) fn tif(&mut self) -> Result<TimeInForce, Wrong> {
        Ok(match self.text("tif").ok_or(Wrong::Missing("tif"))? {
            "gtc" => TimeInForce::Gtc,
            "gtt" => TimeInForce::Gtt(TimeNs(self.need_key("expire")?)),
            "ioc" => TimeInForce::Ioc,
            "fok" => TimeInForce::Fok,
            found => return Err(value("tif", found, "gtc, gtt, ioc or fok")),
        })
    }

    pub(super) fn display(&mut self) -> Result<Option<Qty>, Wrong> {
        self.key("display").map(|text| parse_qty("display", text)).transpose()
    }

    pub(super) fn stop(&mut self) -> Result<Option<Price>, Wrong> {
        self.key("stop").map(|text| parse_price("stop", text)).transpose()
    }

    pub(super) fn self_trade(&mut self) -> Result<SelfTrade, Wrong> {
        let Some(text) = self.key("stp") else { return Ok(SelfTrade::Allow) };
        let wanted = "none, cancel_newest, cancel_oldest, cancel_both or decrement";
        find("stp", text, SELF_TRADES, wanted)
    }

    /// Refuses what nobody took.
    pub(super) fn end(&self) -> Result<(), Wrong> {
        let columns = COLUMNS.iter().zip(&self.fields).take(COLUMNS.len() - 1);
        for (column, field) in columns {
            if !field.is_empty() {
                return Err(Wrong::Unexpected(column));
            }
        }
        match self.extra.first() {
            Some((key, value)) => Err(Wrong::Extra(format!("{key}={value}"))),
            None => Ok(()),
        }
    }
}

pub(super) fn parse<T: FromStr>(field: &'static str, text: &str) -> Result<T, Wrong> {
    text.parse().map_err(|_| value(field, text, "a number that the field can hold"))
}

pub(super) fn parse_price(field: &'static str, text: &str) -> Result<Price, Wrong> {
    let price = text.parse().ok().and_then(|ticks| Price::new(ticks).ok());
    price.ok_or_else(|| value(field, text, "a price in ticks, 1 to 2147483647"))
}

pub(super) fn parse_qty(field: &'static str, text: &str) -> Result<Qty, Wrong> {
    let qty = text.parse().ok().and_then(|lots| Qty::new(lots).ok());
    qty.ok_or_else(|| value(field, text, "a quantity in lots, 1 to 2147483647"))
}

pub(super) fn parse_flag(field: &'static str, text: &str) -> Result<bool, Wrong> {
    find(field, text, &[("0", false), ("1", true)], "0 or 1")
}

pub(super) fn find<T: Copy>(
    field: &'static str,
    text: &str,
    words: &Words<T>,
    wanted: &'static str,
) -> Result<T, Wrong> {
    value_of(words, text).ok_or_else(|| value(field, text, wanted))
}

pub(super) fn value(field: &'static str, found: &str, wanted: &'static str) -> Wrong {
    Wrong::Value { field, found: found.to_owned(), wanted }
}
