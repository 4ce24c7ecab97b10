//! Short ids: what people call an issue (occurrences spec, section 12.2).

/// Digits without I, L, O and U, which are easily misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `SLUG-NUMBER` with the slug in capitals and the number in base 32.
///
/// ```
/// assert_eq!(picket_core::model::format_short_id("shop", 42), "SHOP-1A");
/// ```
#[must_use]
pub fn format_short_id(project_slug: &str, number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        digits.push(char::from(
            ALPHABET[usize::try_from(rest % 32).unwrap_or(0)],
        ));
        rest /= 32;
        if rest == 0 {
            break;
        }
    }
    let number: String = digits.into_iter().rev().collect();
    format!("{}-{number}", project_slug.to_uppercase())
}

/// Splits a short id into its project slug (lower case) and number.
///
/// Reads any case, `O` as 0 and `I` and `L` as 1. Nothing where the text is not a short id.
#[must_use]
pub fn parse_short_id(text: &str) -> Option<(String, i64)> {
    let (slug, digits) = text.trim().rsplit_once('-')?;
    if slug.is_empty() || digits.is_empty() {
        return None;
    }
    let mut number: i64 = 0;
    for character in digits.chars() {
        let character = match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let digit = ALPHABET
            .iter()
            .position(|&known| char::from(known) == character)?;
        number = number
            .checked_mul(32)?
            .checked_add(i64::try_from(digit).ok()?)?;
    }
    Some((slug.to_lowercase(), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_use_the_base_32_alphabet() {
        for (number, text) in [
            (1, "1"),
            (10, "A"),
            (17, "H"),
            (18, "J"),
            (31, "Z"),
            (32, "10"),
        ] {
            let short_id = format_short_id("my-shop", number);
            assert_eq!(short_id, format!("MY-SHOP-{text}"));
            assert_eq!(
                parse_short_id(&short_id),
                Some(("my-shop".to_owned(), number))
            );
        }
    }

    #[test]
    fn reading_is_forgiving() {
        assert_eq!(parse_short_id("Shop-iO"), Some(("shop".to_owned(), 32)));
        assert_eq!(parse_short_id("shop"), None);
        assert_eq!(parse_short_id("shop-"), None);
        assert_eq!(parse_short_id("shop-U"), None);
        assert_eq!(parse_short_id("shop-ZZZZZZZZZZZZZZZ"), None);
    }
}
