//! Proofs: one is made here, one that was made elsewhere is checked.

use std::rc::Rc;

use replay::{Archive, Digest, Proof, ReadLimits, prove};

use crate::{Fields, bytes, digits, field, run, text};

/// Bytes between those that are changed to see that a changed proof is refused.
const STRIDE: usize = 499;

/// Makes the proof of `entry` in the section's run, and checks the proof `check` against `seal`.
///
/// Returns lines `seal`, `proof`, `accepted` (the number of the entry) and `refused` (how many
/// changed copies were).
pub(crate) fn answer(fields: &Fields<'_>) -> Result<String, String> {
    let (log, _) = run::record(fields)?;
    let entry: u64 = field(fields, "entry")?.parse().map_err(text)?;
    let expected: Digest = field(fields, "seal")?.parse().map_err(text)?;
    let archive = Archive::open(Rc::new(log), Vec::new(), ReadLimits::DEFAULT).map_err(text)?;
    let seal = archive.seal(archive.blocks()).map_err(text)?;
    let made = prove(&archive, entry, None, &mut |_| ()).map_err(text)?.encode();

    let foreign = bytes(field(fields, "check")?).ok_or("`check` is not hexadecimal")?;
    let proof = Proof::decode(&foreign).map_err(text)?;
    let accepted = proof.check(expected).map_err(text)?.entry;
    let mut refused = 0;
    for at in (0..foreign.len()).step_by(STRIDE) {
        let mut changed = foreign.clone();
        if let Some(byte) = changed.get_mut(at) {
            *byte ^= 1;
        }
        if Proof::decode(&changed).is_ok_and(|proof| proof.check(expected).is_ok()) {
            return Err(format!("a proof is accepted whose byte {at} was changed"));
        }
        refused += 1;
    }
    let proof = digits(&made);
    Ok(format!("seal = {seal}\naccepted = {accepted}\nrefused = {refused}\nproof = {proof}\n"))
}
