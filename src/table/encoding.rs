//! Text encodings: declared, marked by a byte-order mark, or detected and said to be.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{Error, Kind, Result};

/// The text of a file's bytes, and a sentence where its encoding was detected by its look.
///
/// A byte-order mark decides; then the declared label; then UTF-8 if the bytes are valid UTF-8;
/// else the encoding is detected. Bytes that the encoding does not know are an error that names
/// the line: nothing is replaced.
pub fn decode<'b>(
    name: &str,
    bytes: &'b [u8],
    label: Option<&str>,
) -> Result<(Cow<'b, str>, Option<String>)> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let body = bytes.get(mark..).unwrap_or_default();
        return exact(name, body, encoding).map(|text| (text, None));
    }
    if let Some(label) = label {
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            Error::usage(format!("`{label}` is not the name of an encoding"))
                .help("use a WHATWG name such as utf-8, shift_jis, gbk, windows-1252, utf-16le")
        })?;
        return exact(name, bytes, encoding).map(|text| (text, None));
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
    {
        return Ok((Cow::Borrowed(text), None));
    }
    let encoding = detected(bytes);
    let text = exact(name, bytes, encoding)?;
    let note = format!("{name}: encoding detected as {}; declare it to be sure", encoding.name());
    Ok((text, Some(note)))
}

fn detected(bytes: &[u8]) -> &'static Encoding {
    let nuls = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    if (even + odd) * 8 > bytes.len() {
        return if odd > even { UTF_16LE } else { UTF_16BE };
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

fn exact<'b>(name: &str, bytes: &'b [u8], encoding: &'static Encoding) -> Result<Cow<'b, str>> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text),
        None => {
            let line = first_bad_line(bytes, encoding);
            let text = format!("`{name}` is not {}: line {line} has other bytes", encoding.name());
            Err(Error::new(Kind::Form, text).help("declare the encoding of the file"))
        }
    }
}

/// The first line that alone does not decode; encodings here keep the line end one byte.
fn first_bad_line(bytes: &[u8], encoding: &'static Encoding) -> usize {
    if encoding == UTF_8 {
        let good = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len);
        return bytes.iter().take(good).filter(|b| **b == b'\n').count() + 1;
    }
    let decodes =
        |line: &[u8]| encoding.decode_without_bom_handling_and_without_replacement(line).is_some();
    bytes.split(|b| *b == b'\n').position(|line| !decodes(line)).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], label: Option<&str>, expected: &str) {
        let (text, _) = decode("x", bytes, label).expect("decodes");
        assert_eq!(text, expected);
    }

    #[test]
    fn the_encodings_of_real_catalogues_are_read() {
        let sentence = "型式,精度 ±0.005 mm,主轴";
        check("\u{FEFF}µm".as_bytes(), None, "µm");
        check("µm".as_bytes(), None, "µm");
        let utf16: Vec<u8> = "a,µm".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&utf16, None, "a,µm");
        let marked: Vec<u8> = "\u{FEFF}a,µm".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&marked, None, "a,µm");
        check(&encoding_rs::GBK.encode(sentence).0, Some("gbk"), sentence);
        let japanese = "型式,位置決め精度,ストローク";
        check(&encoding_rs::SHIFT_JIS.encode(japanese).0, Some("shift_jis"), japanese);
        check(&encoding_rs::SHIFT_JIS.encode(&japanese.repeat(9)).0, None, &japanese.repeat(9));
        check(b"\xB11 \xB5m", Some("windows-1252"), "±1 µm");
    }

    #[test]
    fn bytes_of_another_encoding_are_an_error_with_its_line() {
        let error = decode("x.csv", b"a\nb\n\xB5m", Some("utf-8")).expect_err("not UTF-8");
        assert_eq!(error.message(), "`x.csv` is not UTF-8: line 3 has other bytes");
        assert!(decode("x", b"a", Some("latin-9000")).is_err());
    }
}
