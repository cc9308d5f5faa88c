//! Accounts, rules, clock, genesis.

use kernel::{Engine, Genesis, GenesisError, RestoreError};
use tests::restore::{restore, state_bytes};
use tests::script::{genesis_of, run};

use crate::Change::{self, Add, All, Cut, Put};
use crate::{ACCOUNTS, CLOCK, ONES, RULES, ZEROS, refused};

/// Records of accounts begin at 32, 61, 90.
const HOLDINGS: &str = "
    genesis clients_max 5
    endow 1 100 1000
    endow 2 -40 -300
    endow 3 0 7
    1 sell 5 @100
    2 buy 5 @100
    ";

#[test]
fn accounts_that_are_none_are_refused() {
    let empty = [0; 29];
    let far: Vec<u8> = [&[255, 255, 255, 255, 255, 255, 255, 64][..], ZEROS].concat();
    let most: Vec<u8> = [&[255; 15][..], &[63]].concat();
    let cases: &[(Change<'_>, &str)] = &[
        (Cut(15), "section accounts, record at byte 0: the section ends inside the record"),
        (All(&[]), "section accounts, record at byte 0: the section ends inside the record"),
        (Cut(60), "section accounts, record at byte 32: the section ends inside the record"),
        (Put(15, &[255]), "section accounts, record at byte 0: the pot of taxes is negative"),
        (Put(32, &[5]), "section accounts, record at byte 32: client 5 is not below clients_max"),
        (
            Put(32, &[2]),
            "section accounts, record at byte 61: client 2 is out of order or stands twice",
        ),
        (
            Put(32, &[3]),
            "section accounts, record at byte 61: client 2 is out of order or stands twice",
        ),
        (Put(60, &[2]), "section accounts, record at byte 32: 2 is no exemption"),
        (
            Put(90, &empty),
            "section accounts, record at byte 90: client 0 is out of order or stands twice",
        ),
        (
            Put(94, &empty[..25]),
            "section accounts, record at byte 90: the account of client 3 is empty",
        ),
        (
            Put(36, &far[..8]),
            "section accounts, record at byte 32: client 1 holds, or could come to hold, more than 4611686018427387904 lots",
        ),
        (Put(36, &[1]), "section accounts: positions do not sum to those of the genesis"),
        (Put(44, &[1]), "section accounts: cash and pots do not sum to the cash of the genesis"),
        (Put(0, &[1]), "section accounts: cash and pots do not sum to the cash of the genesis"),
        (Put(16, &[1]), "section accounts: cash and pots do not sum to the cash of the genesis"),
        (Cut(61), "section accounts: positions do not sum to those of the genesis"),
        // Sums that leave the type's range: two largest holdings, or the two ends of the range.
        (
            Put(44, &[&most[..15], &[127]].concat()),
            "section accounts, record at byte 32: the accounts hold or owe more cash than can be moved",
        ),
        (
            Put(44, &[&[0; 15][..], &[128]].concat()),
            "section accounts, record at byte 32: the accounts hold or owe more cash than can be moved",
        ),
        (
            Put(0, &most),
            "section accounts, record at byte 32: the accounts hold or owe more cash than can be moved",
        ),
        (
            Put(31, &[128]),
            "section accounts, record at byte 0: the accounts hold or owe more cash than can be moved",
        ),
    ];
    for (change, message) in cases {
        refused(HOLDINGS, &[(ACCOUNTS, *change)], message);
    }
}

/// 2^62 lots at most, with the open orders: the account of client 1 is next to that.
#[test]
fn open_orders_do_not_carry_a_position_past_the_largest() {
    let most = "
        endow 1 -2305843009213693951 0
        endow 2 2305843009213693951 0
        1 buy 2147483647 @9
        1 sell 2147483647 @10
        1 buy 7 @100 stop 50
        ";
    let place = |lots: i64| {
        let bytes = lots.to_le_bytes();
        let other = (-lots).to_le_bytes();
        let records = |client: u8, position: [u8; 8]| {
            [&[client, 0, 0, 0][..], &position, ZEROS, &[0]].concat()
        };
        [ZEROS, ZEROS, &records(1, bytes), &records(2, other)].concat()
    };
    let (buys, sells) = ((1 << 31) + 6, (1 << 31) - 1);
    let refusal = "section accounts: client 1 holds, or could come to hold, more than 4611686018427387904 lots";
    for (fits, too_far) in [
        ((1_i64 << 62) - buys, (1_i64 << 62) - buys + 1),
        (-(1_i64 << 62) + sells, -(1_i64 << 62) + sells - 1),
    ] {
        refused(most, &[(ACCOUNTS, All(&place(too_far)))], refusal);
        let mut bytes = run(most).state_bytes();
        bytes[ACCOUNTS] = place(fits);
        let market = restore(&genesis_of(most), &bytes).unwrap();
        assert_eq!((market.check(), state_bytes(&market)), (Ok(()), bytes));
    }
}

#[test]
fn rules_that_are_none_are_refused() {
    let cases: &[(&[u8], &str)] = &[
        (&[1, 2, 0, 0], "section rules, record at byte 0: the section ends inside the record"),
        (&[1, 0, 0, 0, 0], "section rules, record at byte 0: price is outside 1..=2147483647"),
        (&[2, 0, 0, 0, 0], "section rules, record at byte 0: quantity is outside 1..=2147483647"),
        (
            &[10, 65, 66, 15, 0],
            "section rules, record at byte 0: fee in ppm is outside -1000000..=1000000",
        ),
        (&[0], "section rules, record at byte 0: 0 is no tag of a rule"),
        (&[8, 14], "section rules, record at byte 1: 14 is no tag of a rule"),
        (&[8, 8], "section rules, record at byte 1: rule 8 is out of order or stands twice"),
        (&[8, 7], "section rules, record at byte 1: rule 7 is out of order or stands twice"),
        (&[12, 7], "section rules, record at byte 1: rule 7 is out of order or stands twice"),
        (
            &[1, 2, 0, 0, 0, 1, 1, 0, 0, 0],
            "section rules, record at byte 5: rule 1 is out of order or stands twice",
        ),
        (&[7, 12], "section rules, record at byte 1: the market is both halted and in an auction"),
        (
            &[1, 1, 0, 0, 0],
            "section rules, record at byte 0: rule 1 is open and written out all the same",
        ),
        (
            &[3, 255, 255, 255, 127],
            "section rules, record at byte 0: rule 3 is open and written out all the same",
        ),
        (
            &[6, 0, 0, 0, 0, 0, 0, 0, 64],
            "section rules, record at byte 0: rule 6 is open and written out all the same",
        ),
        (
            &[8, 9, 0, 0, 0, 0],
            "section rules, record at byte 1: rule 9 is open and written out all the same",
        ),
        (
            &[13, 0, 0, 0, 0],
            "section rules, record at byte 0: rule 13 is open and written out all the same",
        ),
        (&[4, 9, 0, 0, 0, 5, 8, 0, 0, 0], "section rules: the rules contradict themselves"),
        (&[6, 1, 0, 0, 0, 0, 0, 0, 64], "section rules: the rules contradict themselves"),
        (
            &[6, 255, 255, 255, 255, 255, 255, 255, 255],
            "section rules: the rules contradict themselves",
        ),
    ];
    for (bytes, message) in cases {
        refused("", &[(RULES, All(bytes))], message);
    }
}

#[test]
fn a_clock_that_is_none_is_refused() {
    let cut = "section clock, record at byte 0: the section ends inside the record";
    for len in [0, 1, 31] {
        refused("", &[(CLOCK, Cut(len))], cut);
    }
    refused("", &[(CLOCK, Add(&[1, 0, 0]))], cut);
    let none = "section clock, record at byte 0: price is outside 1..=2147483647";
    refused("", &[(CLOCK, Add(&[0; 4]))], none);
    let more = "section clock, record at byte 36: bytes follow the last one";
    refused("", &[(CLOCK, Add(&[1, 0, 0, 0, 0]))], more);
    let count = "section clock: no market counts to 18446744073709551615";
    for offset in [16, 24] {
        refused("", &[(CLOCK, Put(offset, &ONES[..8]))], count);
    }
}

#[test]
fn a_genesis_that_is_none_is_refused() {
    let bytes = state_bytes(&Engine::new(&Genesis::open()).unwrap());
    let mut genesis = Genesis::open();
    genesis.limits.orders_max = 0;
    let error = restore(&genesis, &bytes).map(|_| ()).unwrap_err();
    assert_eq!(error, RestoreError::Genesis(GenesisError::Limits));
    assert!(std::error::Error::source(&error).is_some());
}
