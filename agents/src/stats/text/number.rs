//! Numbers in eight columns.

/// A number to four digits or so; `-` for none.
pub(super) fn number(value: Option<f64>) -> String {
    let Some(value) = value else { return "-".to_owned() };
    let size = value.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if size < 0.0005 {
        format!("{value:.1e}")
    } else if size < 10.0 {
        format!("{value:.4}")
    } else if size < 1e3 {
        format!("{value:.2}")
    } else if size < 1e5 {
        format!("{value:.1}")
    } else if size < 1e7 {
        format!("{value:.0}")
    } else {
        format!("{value:.2e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_their_width() {
        let values = [0.0, 0.000_012_3, 0.125, 12.345, 1_234.56, 123_456.7, 1e9];
        let texts = values.map(|value| number(Some(value)));
        assert_eq!(texts, ["0", "1.2e-5", "0.1250", "12.35", "1234.6", "123457", "1.00e9"]);
        assert_eq!(number(None), "-");
        for power in -320_i32..=308 {
            let value = -libm::pow(10.0, f64::from(power)) * 1.999_99;
            let columns = if power.abs() < 99 { 8 } else { 9 };
            assert!(number(Some(value)).len() <= columns, "{value}");
        }
    }
}
