//! Long lines as short ones that look the same.

/// A point of a line; a line is interrupted where it has no value.
pub(crate) type Point = (f64, Option<f64>);

/// Keeps the least and the greatest of each of so many stretches, in their order, and one gap of a
/// stretch that has nothing else. What is as short already stays as it is.
///
/// Cost: O(points).
pub(crate) fn thin(points: &[Point], stretches: usize) -> Vec<Point> {
    if points.len() <= 2 * stretches {
        return points.to_vec();
    }
    let mut kept = Vec::with_capacity(2 * stretches);
    for stretch in 0..stretches {
        let (from, to) =
            (stretch * points.len() / stretches, (stretch + 1) * points.len() / stretches);
        let part = points.get(from..to).unwrap_or_default();
        let values = || part.iter().filter_map(|(x, y)| Some((*x, (*y)?)));
        let least = values().min_by(|one, other| one.1.total_cmp(&other.1));
        let greatest = values().max_by(|one, other| one.1.total_cmp(&other.1));
        let (Some(one), Some(other)) = (least, greatest) else {
            kept.extend(part.first());
            continue;
        };
        let (first, second) = if one.0 <= other.0 { (one, other) } else { (other, one) };
        kept.push((first.0, Some(first.1)));
        if first.0 < second.0 {
            kept.push((second.0, Some(second.1)));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_survive_and_keep_their_order() {
        let mut points: Vec<Point> = (0..1000).map(|i| (f64::from(i), Some(0.0))).collect();
        points[503].1 = Some(9.0);
        points[501].1 = Some(-9.0);
        let kept = thin(&points, 10);
        assert!(kept.len() <= 20, "{}", kept.len());
        let peaks: Vec<_> = kept.iter().filter(|point| point.1 != Some(0.0)).collect();
        assert_eq!(peaks, [&(501.0, Some(-9.0)), &(503.0, Some(9.0))]);
        assert!(kept.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn gaps_stay_gaps_and_short_lines_stay() {
        let points: Vec<Point> = (0..100).map(|i| (f64::from(i), None)).collect();
        assert_eq!(thin(&points, 10).len(), 10);
        assert_eq!(thin(&points[..20], 10), points[..20]);
    }
}
