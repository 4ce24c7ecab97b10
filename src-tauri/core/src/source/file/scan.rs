//! Cuts the members of a JSON object out of a line without touching their bytes.
//!
//! A replayed value must reach the decoder exactly as it stands in the line, also where it is not quite JSON, so that
//! the decoder and not the replay judges it. Hence this looks only at structure: quotes, brackets, commas.

/// Name and value of a member, both as they stand in the text; the name with its quotes.
pub(super) type Member<'a> = (&'a [u8], &'a [u8]);

/// All members, in order.
pub(super) fn members(text: &[u8]) -> Result<Vec<Member<'_>>, String> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.skip_space();
    if scanner.next() != Some(b'{') {
        return Err("it is not a JSON object".to_owned());
    }
    let mut members = Vec::new();
    scanner.skip_space();
    if scanner.peek() == Some(b'}') {
        scanner.at += 1;
    } else {
        loop {
            scanner.skip_space();
            if scanner.peek() != Some(b'"') {
                return Err(format!("a member name is missing at byte {}", scanner.at));
            }
            let name = scanner.value()?;
            scanner.skip_space();
            if scanner.next() != Some(b':') {
                return Err(format!("a colon is missing at byte {}", scanner.at));
            }
            scanner.skip_space();
            members.push((name, scanner.value()?));
            scanner.skip_space();
            match scanner.next() {
                Some(b',') => {}
                Some(b'}') => break,
                _ => {
                    return Err(format!(
                        "the object does not go on after byte {}",
                        scanner.at
                    ));
                }
            }
        }
    }
    scanner.skip_space();
    match scanner.peek() {
        None => Ok(members),
        Some(_) => Err(format!(
            "there is more after the object, from byte {}",
            scanner.at
        )),
    }
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The bytes of one value.
    fn value(&mut self) -> Result<&'a [u8], String> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => self.skip_string()?,
            Some(b'{' | b'[') => self.skip_nested()?,
            _ => {
                while self.peek().is_some_and(|byte| {
                    !matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n')
                }) {
                    self.at += 1;
                }
            }
        }
        if start == self.at {
            return Err(format!("a value is missing at byte {start}"));
        }
        Ok(&self.text[start..self.at])
    }

    fn skip_string(&mut self) -> Result<(), String> {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.next() {
            match byte {
                b'"' => return Ok(()),
                b'\\' => self.at += 1,
                _ => {}
            }
        }
        Err(format!("the text that begins at byte {start} does not end"))
    }

    fn skip_nested(&mut self) -> Result<(), String> {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.skip_string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
        Err(format!(
            "the value that begins at byte {start} does not end"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<(&str, &str)> {
        let text = |bytes| std::str::from_utf8(bytes).unwrap();
        members(line.as_bytes())
            .unwrap()
            .into_iter()
            .map(|(name, value)| (text(name), text(value)))
            .collect()
    }

    #[test]
    fn values_keep_their_bytes() {
        assert_eq!(texts(" { } "), []);
        assert_eq!(
            texts(r#"{"a" : NaN,"b":{"x": [1, "]}\"" ], "y":"\ud800"} ,"c":"q\\", "d":-1.50e3}"#),
            [
                (r#""a""#, "NaN"),
                (r#""b""#, r#"{"x": [1, "]}\"" ], "y":"\ud800"}"#),
                (r#""c""#, r#""q\\""#),
                (r#""d""#, "-1.50e3"),
            ]
        );
    }

    #[test]
    fn what_is_no_object_is_refused_with_its_place() {
        for (line, part) in [
            ("", "not a JSON object"),
            ("[1]", "not a JSON object"),
            ("{", "member name is missing at byte 1"),
            (r#"{"a"}"#, "colon"),
            (r#"{"a":}"#, "value is missing at byte 5"),
            (r#"{"a":1"#, "does not go on"),
            (r#"{"a":1 2}"#, "does not go on"),
            (r#"{"a":"x"#, "text that begins at byte 5"),
            (r#"{"a":[{]"#, "value that begins at byte 5"),
            (r#"{"a":1} x"#, "more after the object"),
            (r#"{"a":"\"#, "does not end"),
        ] {
            let error = members(line.as_bytes()).unwrap_err();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
