//! The one place where Daybook rounds: half away from zero, as EN 16931 and the tax codes of the
//! supported countries expect.

/// `numerator / denominator`, rounded half away from zero. `None` when the denominator is zero or
/// the quotient does not fit 64 bits.
pub fn round_div(numerator: i128, denominator: i128) -> Option<i64> {
    if denominator == 0 {
        return None;
    }
    let quotient = numerator.checked_div(denominator)?;
    let remainder = numerator.checked_rem(denominator)?;
    let away = remainder.unsigned_abs().checked_mul(2)? >= denominator.unsigned_abs();
    let step = if !away {
        0
    } else if (numerator < 0) == (denominator < 0) {
        1
    } else {
        -1
    };
    i64::try_from(quotient.checked_add(step)?).ok()
}

/// Ten to the power of `exponent`, for exponents up to 38.
pub fn pow10(exponent: u32) -> i128 {
    10_i128.checked_pow(exponent).unwrap_or(i128::MAX)
}

/// Splits `total` over `weights` in proportion, by largest remainder: the parts always add up to
/// `total` exactly; ties go to the earlier weight. Weights of zero sum give everything to the first.
pub fn allocate(total: i64, weights: &[i64]) -> Option<Vec<i64>> {
    let sum: i128 = weights.iter().map(|w| i128::from(w.unsigned_abs())).sum();
    if weights.is_empty() {
        return (total == 0).then(Vec::new);
    }
    if sum == 0 {
        let mut parts = vec![0; weights.len()];
        *parts.first_mut()? = total;
        return Some(parts);
    }
    let magnitude = i128::from(total.unsigned_abs());
    let mut parts = Vec::with_capacity(weights.len());
    let mut rests: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let share = magnitude.checked_mul(i128::from(weight.unsigned_abs()))?;
        parts.push(share.checked_div(sum)?);
        rests.push((share.checked_rem(sum)?, index));
    }
    let missing = magnitude.checked_sub(parts.iter().sum())?;
    rests.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, index) in rests.into_iter().take(usize::try_from(missing).ok()?) {
        *parts.get_mut(index)? += 1;
    }
    let sign = i128::from(total.signum());
    parts.into_iter().map(|part| i64::try_from(part * sign).ok()).collect()
}
