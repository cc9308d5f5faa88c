//! The words of the language: what each is called, how it is written and what it means.

use kernel::{ClientId, Price, Side};

use crate::tree::{Flag, Term};

/// One word that a query can hold.
pub(crate) struct Word {
    pub(crate) name: &'static str,
    /// The word with what must stand behind it.
    pub(crate) form: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) shape: Shape,
}

/// What a word becomes, and what must stand behind it.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Number(Term),
    Flag(Flag),
    /// `levels(bid)`
    Side(fn(Side) -> Term),
    /// `depth(bid, 5)`
    SideCount(fn(Side, u32) -> Term),
    /// `qty(bid, 9950)`
    SidePrice(fn(Side, Price) -> Term),
    /// `cash(client 7)`
    Client(fn(ClientId) -> Term),
    Constant(bool),
    Mark,
    After,
    At,
    Exists,
    TradeSide,
}

/// Words that are read together.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) words: &'static [Word],
}

const fn word(name: &'static str, form: &'static str, shape: Shape, meaning: &'static str) -> Word {
    Word { name, form, meaning, shape }
}

const fn number(name: &'static str, term: Term, meaning: &'static str) -> Word {
    word(name, name, Shape::Number(term), meaning)
}

const fn flag(name: &'static str, flag: Flag, meaning: &'static str) -> Word {
    word(name, name, Shape::Flag(flag), meaning)
}

const fn client(
    name: &'static str,
    form: &'static str,
    term: fn(ClientId) -> Term,
    meaning: &'static str,
) -> Word {
    word(name, form, Shape::Client(term), meaning)
}

/// Every word but `and`, `or`, `not` and those that stand inside of brackets.
pub(crate) const GROUPS: &[Group] = &[
    Group {
        title: "The book",
        words: &[
            number("best_bid", Term::BestBid, "highest price of a bid, in ticks"),
            number("best_ask", Term::BestAsk, "lowest price of an ask, in ticks"),
            number("spread", Term::Spread, "best ask less best bid, in ticks"),
            number("mid2", Term::Mid2, "best bid plus best ask: twice the mid, in ticks"),
            number("last_trade", Term::LastTrade, "price of the last trade, in ticks"),
            word(
                "depth",
                "depth(SIDE, N)",
                Shape::SideCount(Term::Depth),
                "displayed lots on the N best levels of a side, bid or ask; 0 when it is empty",
            ),
            word(
                "levels",
                "levels(SIDE)",
                Shape::Side(Term::Levels),
                "occupied price levels of a side",
            ),
            word(
                "qty",
                "qty(SIDE, PRICE)",
                Shape::SidePrice(Term::Qty),
                "displayed lots of a side at a price; 0 where nothing rests",
            ),
            number("orders", Term::Orders, "orders that rest"),
            number("stops", Term::Stops, "orders that wait for their stop"),
        ],
    },
    Group {
        title: "Accounts; money in 1/10,000 of a tick times a lot",
        words: &[
            client(
                "position",
                "position(client N)",
                Term::Position,
                "lots held; negative if short",
            ),
            client("cash", "cash(client N)", Term::Cash, "cash held"),
            client(
                "equity",
                "equity(client N)",
                Term::Equity,
                "cash + position * last_trade * 10000; absent before the first trade",
            ),
            client(
                "open_buy",
                "open_buy(client N)",
                Term::OpenBuy,
                "lots of its buys that are open",
            ),
            client(
                "open_sell",
                "open_sell(client N)",
                Term::OpenSell,
                "lots of its sells that are open",
            ),
            number("taxes", Term::Taxes, "what the transaction tax has taken so far"),
            number("fees", Term::Fees, "what fees have taken, less what rebates have given"),
        ],
    },
    Group {
        title: "The market",
        words: &[
            flag("continuous", Flag::Continuous, "arriving orders match at once"),
            flag("auction", Flag::Auction, "orders wait for an uncross"),
            flag("halted", Flag::Halted, "nothing is placed"),
            flag("short_ban", Flag::ShortBan, "clients may only sell what they hold"),
        ],
    },
    Group {
        title: "Clock and log",
        words: &[
            number("time", Term::Time, "logical time in nanoseconds"),
            number("step", Term::Step, "logical step"),
            number("entry", Term::Entry, "number of the entry, from 1; 0 before the first"),
        ],
    },
    Group {
        title: "Counted since the start of the log, the present entry included",
        words: &[
            number("placed", Term::Placed, "orders placed, refused ones too"),
            number("trades", Term::Trades, "trades"),
            number("volume", Term::Volume, "lots traded"),
            number(
                "cancelled",
                Term::Cancelled,
                "orders of which something was cancelled, for any reason",
            ),
            number("rejected", Term::Rejected, "commands refused"),
        ],
    },
    Group {
        title: "The present entry, and marks",
        words: &[
            number("agent", Term::Agent, "who decided; absent unless it is a decision"),
            number("client", Term::Client, "whose command it is; absent unless it is a client's"),
            word("mark", "mark(NAME)", Shape::Mark, "it is a mark of this name"),
            word(
                "after",
                "after(NAME)",
                Shape::After,
                "it is the first mark of this name, or stands behind it",
            ),
            word(
                "at",
                "at(NAME, NUMBER)",
                Shape::At,
                "what it was behind the first mark of this name; absent before",
            ),
        ],
    },
    Group {
        title: "A trade of the present entry",
        words: &[
            number("trade.qty", Term::TradeQty, "lots"),
            number("trade.price", Term::TradePrice, "price, in ticks"),
            number("trade.maker", Term::TradeMaker, "client whose order rested"),
            number("trade.taker", Term::TradeTaker, "client whose order arrived"),
            word(
                "trade.side",
                "trade.side == SIDE",
                Shape::TradeSide,
                "side of the taker, buy or sell; != is allowed too",
            ),
        ],
    },
    Group {
        title: "Any",
        words: &[
            word("exists", "exists(NUMBER)", Shape::Exists, "the number is not absent"),
            word("true", "true", Shape::Constant(true), "always"),
            word("false", "false", Shape::Constant(false), "never"),
        ],
    },
];

/// Words with a place in the grammar and no meaning of their own.
const PARTICLES: [&str; 3] = ["and", "or", "not"];

/// Every word, in the order of the help.
pub(crate) fn all() -> impl Iterator<Item = &'static Word> + Clone {
    GROUPS.iter().flat_map(|group| group.words)
}

/// The word of this name.
pub(crate) fn find(name: &str) -> Option<&'static Word> {
    all().find(|word| word.name == name)
}

/// Every name that may stand in an expression.
pub(crate) fn names() -> impl Iterator<Item = &'static str> + Clone {
    all().map(|word| word.name).chain(PARTICLES)
}
