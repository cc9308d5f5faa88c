//! Logs of honest form and outrageous numbers: clocks that leap to the end of time, clients at the
//! end of their range, limits that ask for all memory.

use cli::Exit;
use kernel::{ClientId, Command, Limits, Place, Side, Step, TimeNs};
use replay::Genesis;

use super::{all_end, bounded, readers, recorded};
use crate::lab::Lab;
use crate::logs;

fn open() -> Genesis {
    Genesis::new(kernel::Genesis::open(), "test")
}

fn clock(time: u64, step: u64) -> Command {
    Command::Clock { time: TimeNs(time), step: Step(step) }
}

#[test]
fn a_clock_that_leaps_costs_no_time() {
    let lab = Lab::new();
    logs::day(&lab);
    for (name, leap) in [("end.log", u64::MAX), ("near.log", u64::MAX - 1), ("far.log", 1 << 62)] {
        let commands = [
            logs::place(1, Side::Buy, 100),
            logs::place(2, Side::Sell, 101),
            logs::place(3, Side::Sell, 100),
            clock(leap, leap),
            logs::place(4, Side::Buy, 101),
            logs::place(5, Side::Buy, 100),
            logs::place(6, Side::Sell, 102),
        ];
        lab.write(name, recorded(&open(), &commands));
        // A million samples of one book: intervals of their figures, which a page has too, cost what
        // they cost. SECURITY.md says so.
        for line in readers(name).iter().filter(|line| !line.starts_with("report")) {
            bounded(&lab, line);
        }
    }
}

/// What trades away at once leaves both sides empty, and nothing to sample before the end of time.
#[test]
fn an_empty_book_at_the_end_of_time_costs_no_time() {
    let lab = Lab::new();
    logs::day(&lab);
    let commands = [
        logs::place(1, Side::Buy, 100),
        logs::place(2, Side::Sell, 100),
        clock(u64::MAX, u64::MAX),
        logs::place(3, Side::Buy, 100),
        logs::place(4, Side::Sell, 100),
    ];
    lab.write("end.log", recorded(&open(), &commands));
    for line in readers("end.log") {
        bounded(&lab, &line);
    }
}

#[test]
fn the_last_client_costs_as_much_as_all() {
    let lab = Lab::new();
    logs::day(&lab);
    let limits = Limits { clients_max: 1 << 18, ..Limits::DEFAULT };
    let genesis = Genesis::new(kernel::Genesis { limits, ..kernel::Genesis::open() }, "test");
    let Command::Place(place) = logs::place(1, Side::Buy, 100) else { unreachable!("an order") };
    let last = Command::Place(Place { client: ClientId((1 << 18) - 1), ..place });
    lab.write("last.log", recorded(&genesis, &[last, logs::place(2, Side::Sell, 100)]));
    for line in readers("last.log") {
        bounded(&lab, &line);
    }
}

#[test]
fn limits_of_a_genesis_are_refused_by_name_and_can_be_raised() {
    let lab = Lab::new();
    logs::day(&lab);
    let with = |limits| {
        let market = kernel::Genesis { limits, ..kernel::Genesis::open() };
        recorded(&Genesis::new(market, "test"), &[logs::place(1, Side::Buy, 100)])
    };
    lab.write("orders.log", with(Limits { orders_max: 1 << 28, ..Limits::DEFAULT }));
    lab.write("clients.log", with(Limits { clients_max: 1 << 20, ..Limits::DEFAULT }));
    lab.write("levels.log", with(Limits { levels_max: 1 << 28, ..Limits::DEFAULT }));
    let refused = |line: &str| {
        let ran = bounded(&lab, line).expect(Exit::Damaged);
        ran.transcript()
    };
    let texts = [
        refused("run orders.log"),
        refused("run clients.log"),
        refused("state clients.log"),
        refused("run clients.log --max clients=1048575"),
        refused("run day.log --max log-bytes=1000"),
        refused("run day.log --max log-bytes=100"),
        refused("state day.log --max log-bytes=1000"),
    ];
    insta::assert_snapshot!(texts.join("\n\n"));
    let lines = [
        "run levels.log",
        "run orders.log --max orders=268435456",
        "run clients.log --max clients=1048576",
        "run clients.log --max clients=1 --max clients=1048576",
        "state orders.log --max orders=18446744073709551615",
        "run day.log --max log-bytes=5000",
    ];
    all_end(&lab, &lines.map(str::to_owned), Exit::Ok);
}
